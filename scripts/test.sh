#!/bin/sh
# Runs the tests; arguments go to `bun test` (paths, -t NAME). They see an empty home and none of the person's keys,
# so that no test can touch a real ~/.nanoclaw or spend money.
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
sh scripts/setup.sh

for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
  case $name in
  NANOCLAW_CI) ;;
  *_API_KEY | *_AUTH_TOKEN | *_BASE_URL | ANTHROPIC_* | OPENAI_* | OPENROUTER_* | CLAW_* | NANOCLAW_* | XDG_* | *_PROXY | *_proxy)
    unset "$name"
    ;;
  esac
done
HOME=$(mktemp -d "${TMPDIR:-/tmp}/nanoclaw-test-home.XXXXXX")
export HOME
trap 'rm -rf "$HOME"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
node_modules/.bin/bun --no-env-file --config=/dev/null test --parallel "$@"
