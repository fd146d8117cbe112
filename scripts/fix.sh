#!/bin/sh
# Repairs what can be repaired without a person: lint, format, the lockfile.
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
sh scripts/bun.sh scripts/complete-lockfile.ts
node_modules/.bin/oxlint --fix || true
node_modules/.bin/oxfmt .
