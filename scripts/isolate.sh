#!/bin/sh
# isolate.sh COMMAND…: runs it with an empty home and without the person's keys, so that no test touches a real
# ~/.nanoclaw or spends money. npm alone keeps its settings, for tests of the setup.
set -eu
[ ! -e "${HOME:-/}/.npmrc" ] || export npm_config_userconfig="$HOME/.npmrc"
[ ! -d "${HOME:-/}/.npm" ] || export npm_config_cache="${npm_config_cache:-$HOME/.npm}"
[ -z "${HTTPS_PROXY:-${https_proxy:-}}" ] || export npm_config_https_proxy="${HTTPS_PROXY:-$https_proxy}"

for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
  case $name in
  npm_* | NANOCLAW_CI | NANOCLAW_PROGRAM) ;;
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
"$@"
