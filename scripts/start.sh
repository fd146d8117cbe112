#!/bin/sh
# Starts NanoClaw from source, in the folder the person stands in. Bun would obey that folder's .env, bunfig.toml and
# tsconfig.json (whose `paths` replace our own files by others) and run what they name as us: the flags forbid it, and
# nothing else of ours runs there.
set -eu
folder=$(pwd)
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
root=$(pwd)
sh scripts/setup.sh
cd "${INIT_CWD:-$folder}"
exec "$root/node_modules/.bin/bun" --no-env-file --config=/dev/null --tsconfig-override=/dev/null --no-install \
  "$root/src/main.ts" "$@"
