#!/bin/sh
# Runs the tests; arguments go to `bun test`: paths, -t NAME. With NANOCLAW_PROGRAM=FILE the whole-program tests start
# that executable instead of the source.
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
sh scripts/setup.sh
# Five seconds, the default, is not much on a busy machine; what hangs still ends.
exec sh scripts/isolate.sh node_modules/.bin/bun --no-env-file --config=/dev/null test --parallel --timeout=30000 "$@"
