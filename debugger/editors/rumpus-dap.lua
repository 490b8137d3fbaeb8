-- Rumpus in nvim-dap: programs, recordings and cores, forwards and backwards, in Neovim.
--
--   package.path = package.path .. ';node_modules/rumpus/debugger/editors/?.lua'
--   require('rumpus-dap').setup()
--   :lua require('dap').continue()          and choose "Rumpus: this program"
--   :lua require('dap').step_back()         :lua require('dap').reverse_continue()
--   :RumpusGoto 4711                        :RumpusBackIn   :RumpusBackOut

local M = {}

--- The debug adapter, with its arguments.
M.command = { 'npx', '--no-install', 'rumpus', 'dap' }

local function adapter()
  local args = { unpack(M.command, 2) }
  return { type = 'executable', command = M.command[1], args = args }
end

local configurations = {
  { type = 'rumpus', request = 'launch', name = 'Rumpus: this program', program = '${file}',
    stopOnEntry = true },
  { type = 'rumpus', request = 'launch', name = 'Rumpus: a recording',
    recording = function() return vim.fn.input('Recording: ', '.rumpus/', 'file') end },
  { type = 'rumpus', request = 'launch', name = 'Rumpus: a core',
    core = function() return vim.fn.input('Core: ', '.rumpus/', 'file') end },
  { type = 'rumpus', request = 'launch', name = 'Rumpus: with this seed', program = '${file}',
    seed = function() return tonumber(vim.fn.input('Seed: ', '1')) end },
}

local function move(command, arguments)
  local session = assert(require('dap').session(), 'nothing is being debugged')
  local thread = { threadId = session.stopped_thread_id }
  session:request(command, vim.tbl_extend('error', thread, arguments or {}), function(problem)
    if problem then vim.notify(problem.message or tostring(problem), vim.log.levels.ERROR) end
  end)
end

--- Goes to the statement number `icount` of the run.
function M.goto_icount(icount) move('rumpus/goto', { icount = icount }) end

--- Steps back into what the previous statement called; back to the call of this function.
function M.step_back_in() move('rumpus/stepBackIn') end
function M.step_back_out() move('rumpus/stepBackOut') end

--- Makes the adapter, its configurations for TypeScript, and the commands known.
function M.setup()
  local dap = require('dap')
  dap.adapters.rumpus = adapter()
  dap.configurations.typescript = dap.configurations.typescript or {}
  vim.list_extend(dap.configurations.typescript, configurations)
  local command = vim.api.nvim_create_user_command
  command('RumpusGoto', function(given) M.goto_icount(tonumber(given.args)) end, { nargs = 1 })
  command('RumpusBackIn', M.step_back_in, {})
  command('RumpusBackOut', M.step_back_out, {})
end

return M
