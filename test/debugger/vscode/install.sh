#!/usr/bin/env bash
# Installs what test/debugger/vscode/editor.test.ts drives: code-server (VS Code itself, served to a
# browser), playwright-core, and with Debian's packages a browser. About two minutes.
#
#   bash test/debugger/vscode/install.sh [folder]
#
# It is not among the project's devDependencies, because it is 400 MB and compiles native modules.
set -eu
dir=${1:-${RUMPUS_CODE_SERVER:-${TMPDIR:-/tmp}/rumpus-code-server}}
version=4.100.3
driver=1.65.1

packages=(chromium ripgrep libkrb5-dev pkg-config g++ make python3 fonts-dejavu-core unzip)
if command -v apt-get >/dev/null 2>&1; then
  missing=()
  for package in "${packages[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    sudo=()
    if [ "$(id -u)" -ne 0 ]; then sudo=(sudo); fi
    "${sudo[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}"
  fi
fi

if [ -f "$dir/complete" ]; then exit 0; fi
mkdir -p "$dir"
cd "$dir"
export npm_config_yes=true
if [ -f /usr/include/node/node.h ]; then export npm_config_nodedir=/usr; fi
quiet=(--no-audit --no-fund --loglevel=error)
[ -f package.json ] || npm init -y >/dev/null
# The package's own script refuses to run as root; what it does is done here.
npm install "${quiet[@]}" --ignore-scripts "code-server@$version" "playwright-core@$driver"
npm rebuild "${quiet[@]}" argon2
code=$dir/node_modules/code-server/lib/vscode
cd "$code"
npm install "${quiet[@]}" --omit=dev --ignore-scripts
npm rebuild "${quiet[@]}" node-pty @vscode/spdlog native-watchdog @parcel/watcher
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
rm -rf node_modules.asar && ln -s node_modules node_modules.asar
(cd extensions && npm install "${quiet[@]}" --omit=dev --ignore-scripts)
node "$dir/node_modules/code-server/out/node/entry.js" --version
touch "$dir/complete"
