#!/bin/sh
# Makes this folder ready to run: the npm packages, Bun's binary, and the system programs the sandbox needs.
# Does nothing within milliseconds when nothing is missing. Every word goes to stderr: stdout is the program's.
#
#   --ci     also what the tests need, and a program that cannot be installed is an error
#   --retry  try system programs again that could not be installed the last time
set -eu

case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
system=$(uname -s)
# A copy of the lockfile these packages were installed from. Another system sees another stamp: its binaries differ.
stamp=node_modules/.setup-$system-$(uname -m)
refused=node_modules/.setup-refused
lock=.setup-lock
# Written by the lock's holder alone; one that was killed leaves it to the next.
log=.setup-lock.log
is_ci=
is_retry=
for option in "$@"; do
  case $option in
  --ci) is_ci=yes is_retry=yes ;;
  --retry) is_retry=yes ;;
  *) echo "setup: unknown option $option. Known: --ci, --retry" >&2 && exit 2 ;;
  esac
done

say() { echo "setup: $*" >&2; }

fail() {
  say "$@"
  exit 1
}

packages_are_ready() { [ -x node_modules/.bin/bun ] && cmp -s package-lock.json "$stamp"; }

# bwrap is the sandbox; util-linux's three stage its mounts and drop its rights when we are root.
missing_programs() {
  [ "$system" = Linux ] || return 0
  for program in bwrap unshare setpriv mount ${is_ci:+strace openssl git}; do
    command -v "$program" >/dev/null 2>&1 || printf '%s ' "$program"
  done
}

# One setup at a time: the second waits, then finds nothing left to do. The lock is a link that names its holder, so
# that it is made and signed in one step.
take_lock() {
  waited=0
  absent=0
  until ln -s $$ "$lock" 2>/dev/null; do
    # Gone again already: its holder has just finished. Not there time after time: it cannot be made.
    if ! holder=$(readlink "$lock" 2>/dev/null); then
      absent=$((absent + 1))
      [ "$absent" -lt 20 ] ||
        fail "cannot write to $(pwd). Give yourself the right to, or copy the project to a folder of yours."
      continue
    fi
    if ! is_alive "$holder" && remove_abandoned "$holder"; then continue; fi
    [ "$waited" -gt 0 ] || say "another setup is at work here, waiting for it"
    [ "$waited" -lt 3000 ] || fail "another setup (process $holder) has been at work for ten minutes. End it and try again."
    sleep 0.2
    waited=$((waited + 1))
  done
  trap release EXIT
  trap 'exit 129' HUP
  trap 'say "interrupted; the next start goes on from here"; exit 130' INT
  trap 'exit 143' TERM
}

# Another user's process refuses the signal but is there.
is_alive() { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; }

# Only one at a time removes, and looks again first: what it finds under the same dead name nobody else can have taken.
remove_abandoned() {
  if ! mkdir "$lock.removal" 2>/dev/null; then
    [ "$waited" -lt 25 ] || rmdir "$lock.removal" 2>/dev/null || true
    return 1
  fi
  [ "$(readlink "$lock" 2>/dev/null)" != "$1" ] || rm -f "$lock"
  rmdir "$lock.removal"
}

release() { rm -f "$lock" "$log"; }

check_node() {
  remedy="Install Node 22 or later from https://nodejs.org (it brings npm), then try again."
  command -v node >/dev/null 2>&1 || fail "Node is not installed. $remedy"
  command -v npm >/dev/null 2>&1 || fail "npm is not installed. $remedy"
  version=$(node --version) || fail "node does not run. $remedy"
  major=${version#v}
  [ "${major%%.*}" -ge 20 ] 2>/dev/null || fail "Node $version is too old: 20 or later is needed. $remedy"
  version=$(npm --version 2>/dev/null) || fail "npm does not run. $remedy"
  [ "${version%%.*}" -ge 9 ] 2>/dev/null || fail "npm $version is too old: 9 or later is needed. Run: npm install -g npm@11"
}

install_packages() {
  case $system in
  Linux | Darwin) ;;
  *) fail "NanoClaw runs on Linux and macOS, not on $system. On Windows, use WSL." ;;
  esac
  check_node
  say "installing npm packages (about ten seconds the first time)"
  # No package runs a script of its own; Bun's binary is linked below, which is all that its script would do.
  # What an outer npm or a production shell has set must not leave packages out.
  if ! NODE_ENV='' npm ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --loglevel=error \
    --fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 >"$log" 2>&1; then
    sed -n -e '/^npm error/s//  npm:/p' -e '/^npm ERR!/s//  npm:/p' "$log" | grep -v '^  npm: *$' | head -n 8 >&2 || true
    case $(cat "$log") in
    *ENOTFOUND* | *EAI_AGAIN* | *ECONNREFUSED* | *ETIMEDOUT* | *ENETUNREACH* | *ECONNRESET*)
      fail "the npm registry could not be reached. Check the network (or the proxy), then try again." ;;
    *EACCES* | *EPERM* | *EROFS*)
      fail "npm may not write to $(pwd)/node_modules. Check its owner: ls -ld node_modules" ;;
    *ENOSPC*) fail "the disk is full. Free 500 MB and try again." ;;
    *) fail "npm could not install the packages; what it said stands above." ;;
    esac
  fi
  link_bun
  cp package-lock.json "$stamp.new" && mv "$stamp.new" "$stamp"
  say "npm packages are ready"
}

# npm brings one package for each system and processor; on an unclear machine more than one, so each is tried.
link_bun() {
  for binary in node_modules/@oven/bun-*/bin/bun node_modules/bun/bin/bun.exe; do
    if [ -x "$binary" ] && "./$binary" --version >/dev/null 2>&1; then
      ln -sf "../${binary#node_modules/}" node_modules/.bin/bun
      return
    fi
  done
  fail "there is no Bun binary for this machine ($system $(uname -m)). It runs on Linux and macOS, x86-64 and ARM 64."
}

# Only words: sudo may stand in front of them.
install_command() {
  if command -v apt-get >/dev/null 2>&1; then
    echo "apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120"
  elif command -v dnf >/dev/null 2>&1; then
    echo "dnf install -y"
  elif command -v yum >/dev/null 2>&1; then
    echo "yum install -y"
  elif command -v apk >/dev/null 2>&1; then
    echo "apk add"
  elif command -v pacman >/dev/null 2>&1; then
    echo "pacman -S --noconfirm --needed"
  elif command -v zypper >/dev/null 2>&1; then
    echo "zypper --non-interactive install"
  fi
}

# Lists of packages go stale or are empty on a fresh machine; only some managers fetch them by themselves.
refresh_command() {
  case $1 in
  apt-get*) echo "apt-get update" ;;
  apk*) echo "apk update" ;;
  pacman*) echo "pacman -Sy" ;;
  *) echo true ;;
  esac
}

packages_for() {
  for program in "$@"; do
    case $program in
    bwrap) echo bubblewrap ;;
    unshare) echo util-linux ;;
    setpriv) case $command in apk*) echo setpriv ;; *) echo util-linux ;; esac ;;
    mount) case $command in apt-get* | apk*) echo mount ;; *) echo util-linux ;; esac ;;
    *) echo "$program" ;;
    esac
  done | sort -u | tr '\n' ' '
}

install_programs() {
  command=$(install_command)
  if [ -z "$command" ]; then
    give_up "please install these by your system's package manager: $*"
    return 0
  fi
  packages=$(packages_for "$@")
  prefix=
  if [ "$(id -u)" -ne 0 ]; then
    prefix="sudo -n"
    if ! sudo -n true >/dev/null 2>&1; then
      give_up "the sandbox needs $*. Install it with: sudo ${command%% -o *} $packages"
      return 0
    fi
  fi
  say "installing $packages"
  for attempt in first second; do
    # shellcheck disable=SC2086
    if $prefix env DEBIAN_FRONTEND=noninteractive $command $packages >"$log" 2>&1; then
      [ -z "$(missing_programs)" ] && return 0
    fi
    # shellcheck disable=SC2046,SC2086
    [ $attempt = second ] || $prefix $(refresh_command "$command") >"$log" 2>&1 || true
  done
  tail -n 5 "$log" | sed 's/^/  /' >&2
  give_up "could not install $packages. Try it yourself: ${prefix:+sudo }${command%% -o *} $packages"
}

# Without its sandbox the program still chats, and says what is missing when a tool is wanted; the tests cannot do without.
give_up() {
  say "$1"
  [ -z "$is_ci" ] || exit 1
  : >"$refused"
}

programs_are_ready() { [ -z "$(missing_programs)" ] || { [ -z "$is_retry" ] && [ -e "$refused" ]; }; }

if packages_are_ready && programs_are_ready; then exit 0; fi
take_lock
packages_are_ready || install_packages
if ! programs_are_ready; then
  # shellcheck disable=SC2046
  install_programs $(missing_programs)
fi
