#!/bin/sh
# Starts NanoClaw from source, in the folder the person stands in. Bun would run that folder's .env and bunfig.toml as
# us: the flags forbid it, and nothing else of ours runs there.
set -eu
folder=$(pwd)
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
root=$(pwd)
sh scripts/setup.sh
cd "${INIT_CWD:-$folder}"
exec "$root/node_modules/.bin/bun" --no-env-file --config=/dev/null "$root/src/main.ts" "$@"
