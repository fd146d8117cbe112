#!/bin/sh
# Runs the tests; arguments go to `bun test`: paths, -t NAME. The whole-program tests start an executable made of the
# source as it is now; with NANOCLAW_PROGRAM=FILE that one, and with NANOCLAW_PROGRAM= (nothing) the source itself.
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
sh scripts/setup.sh
if [ -z "${NANOCLAW_PROGRAM+set}" ]; then
  NANOCLAW_PROGRAM=$(sh scripts/bun.sh scripts/test-program.ts)
  export NANOCLAW_PROGRAM
fi
# Tests wait for programs, deadlines and disks about a third of their time: half as many workers again use it. What was slowest
# the last time begins first, so that nothing long is left for the end.
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
mkdir -p dist
set -- --parallel=$((cores + (cores + 1) / 2)) --timings=dist/test-timings.json --update-timings "$@"
# Five seconds, the default, is not much on a busy machine; what hangs still ends.
exec sh scripts/in-memory.sh sh scripts/isolate.sh node_modules/.bin/bun --no-env-file --config=/dev/null test --timeout=30000 "$@"
