#!/bin/sh
# bun.sh FILE [ARGUMENT…]: runs one of the project's own programs with the project's Bun, in the project's folder.
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
sh scripts/setup.sh
exec node_modules/.bin/bun --no-env-file --config=/dev/null "$@"
