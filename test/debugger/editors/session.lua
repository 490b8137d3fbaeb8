-- A debugging session in nvim-dap, headless: prints where it stands after each move.
-- RUMPUS_NVIM_DAP, RUMPUS_LUA (folder of rumpus-dap.lua), RUMPUS_PROGRAM, RUMPUS_LINE, RUMPUS_BIN

vim.opt.runtimepath:append(vim.env.RUMPUS_NVIM_DAP)
package.path = package.path .. ';' .. vim.env.RUMPUS_LUA .. '/?.lua'
local dap = require('dap')
local rumpus = require('rumpus-dap')
rumpus.command = { 'node', vim.env.RUMPUS_BIN, 'dap' }
rumpus.setup()

local shown = {}
dap.listeners.after.scopes.batch = function(session)
  local frame = session.current_frame
  table.insert(shown, frame.name .. ':' .. frame.line)
end

local function perform(name, body)
  local before = #shown
  body()
  vim.wait(30000, function() return #shown > before end, 20)
  io.stdout:write(name .. ' ' .. (shown[before + 1] or 'nothing') .. '\n')
end

vim.cmd.edit(vim.env.RUMPUS_PROGRAM)
vim.api.nvim_win_set_cursor(0, { tonumber(vim.env.RUMPUS_LINE), 0 })
dap.set_breakpoint()
perform('entry', function()
  dap.run({ type = 'rumpus', request = 'launch', name = 'batch', stopOnEntry = true,
    program = vim.env.RUMPUS_PROGRAM })
end)
perform('continue', function() dap.continue() end)
perform('in', function() dap.step_into() end)
perform('back', function() dap.step_back() end)
perform('reverse', function() dap.reverse_continue() end)
dap.terminate()
vim.wait(500)
vim.cmd('qa!')
