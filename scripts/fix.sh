#!/bin/sh
# Repairs what can be repaired without a person: the pages made of the catalogue of failures and of the red team's cases, lint, format, the lockfiles.
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
sh scripts/bun.sh scripts/complete-lockfile.ts
sh scripts/bun.sh scripts/plugin-lock.ts
sh scripts/bun.sh scripts/troubleshooting.ts
sh scripts/bun.sh scripts/security-page.ts
node_modules/.bin/oxlint --fix || true
node_modules/.bin/oxfmt .
