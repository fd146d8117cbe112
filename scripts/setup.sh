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

# Says the first sentence, or the second to those whose language is Chinese.
say() {
  case ${NANOCLAW_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}} in
  zh | zh[-_][Cc][Nn] | zh[-_][Cc][Nn].[Uu][Tt][Ff]* | zh[-_][Hh]ans*) echo "setup: $2" >&2 ;;
  *) echo "setup: $1" >&2 ;;
  esac
}

fail() {
  say "$@"
  exit 1
}

packages_are_ready() { [ -x node_modules/.bin/bun ] && cmp -s package-lock.json "$stamp"; }

# bwrap is the sandbox; util-linux's three stage its mounts and drop its rights when we are root.
missing_programs() {
  [ "$system" = Linux ] || return 0
  for program in bwrap unshare setpriv mount ${is_ci:+strace openssl git ip perl pdftotext dovecot postfix}; do
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
        fail "cannot write to $(pwd). Give yourself the right to, or copy the project to a folder of yours." \
          "无法写入 $(pwd)。请给自己写入权限，或者把项目复制到自己的文件夹。"
      continue
    fi
    if ! is_alive "$holder" && remove_abandoned "$holder"; then continue; fi
    [ "$waited" -gt 0 ] || say "another setup is at work here, waiting for it" "另一个安装程序正在这里工作，等它结束"
    [ "$waited" -lt 3000 ] || fail "another setup (process $holder) has been at work for ten minutes. End it and try again." \
      "另一个安装程序（进程 $holder）已经工作了十分钟。请结束它再试。"
    sleep 0.2
    waited=$((waited + 1))
  done
  trap release EXIT
  trap 'exit 129' HUP
  trap 'say "interrupted; the next start goes on from here" "已中断；下次启动会从这里继续"; exit 130' INT
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
  remedy_zh="请从 https://nodejs.org 安装 Node 22 或更新的版本（自带 npm），然后重试。"
  command -v node >/dev/null 2>&1 || fail "Node is not installed. $remedy" "没有安装 Node。$remedy_zh"
  command -v npm >/dev/null 2>&1 || fail "npm is not installed. $remedy" "没有安装 npm。$remedy_zh"
  version=$(node --version) || fail "node does not run. $remedy" "node 无法运行。$remedy_zh"
  major=${version#v}
  [ "${major%%.*}" -ge 20 ] 2>/dev/null || fail "Node $version is too old: 20 or later is needed. $remedy" \
    "Node $version 太旧：需要 20 或更新的版本。$remedy_zh"
  version=$(npm --version 2>/dev/null) || fail "npm does not run. $remedy" "npm 无法运行。$remedy_zh"
  [ "${version%%.*}" -ge 9 ] 2>/dev/null || fail "npm $version is too old: 9 or later is needed. Run: npm install -g npm@11" \
    "npm $version 太旧：需要 9 或更新的版本。请执行：npm install -g npm@11"
}

install_packages() {
  case $system in
  Linux | Darwin) ;;
  *) fail "NanoClaw runs on Linux and macOS, not on $system. On Windows, use WSL." \
    "NanoClaw 在 Linux 和 macOS 上运行，不支持 $system。在 Windows 上请使用 WSL。" ;;
  esac
  check_node
  say "installing npm packages (about ten seconds the first time)" "正在安装 npm 软件包（第一次大约十秒）"
  # No package runs a script of its own; Bun's binary is linked below, which is all that its script would do.
  # What an outer npm or a production shell has set must not leave packages out.
  if ! NODE_ENV='' npm ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --loglevel=error \
    --fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 >"$log" 2>&1; then
    sed -n -e '/^npm error/s//  npm:/p' -e '/^npm ERR!/s//  npm:/p' "$log" | grep -v '^  npm: *$' | head -n 8 >&2 || true
    case $(cat "$log") in
    *ENOTFOUND* | *EAI_AGAIN* | *ECONNREFUSED* | *ETIMEDOUT* | *ENETUNREACH* | *ECONNRESET*)
      fail "the npm registry could not be reached. Check the network (or the proxy), then try again." \
        "无法连接 npm 软件源。请检查网络（或代理），然后重试。" ;;
    *EACCES* | *EPERM* | *EROFS*)
      fail "npm may not write to $(pwd)/node_modules. Check its owner: ls -ld node_modules" \
        "npm 没有写入 $(pwd)/node_modules 的权限。请检查它的所有者：ls -ld node_modules" ;;
    *ENOSPC*) fail "the disk is full. Free 500 MB and try again." "磁盘已满。请腾出 500 MB 再试。" ;;
    *) fail "npm could not install the packages; what it said stands above." "npm 无法安装软件包；它说的话见上面。" ;;
    esac
  fi
  link_bun
  cp package-lock.json "$stamp.new" && mv "$stamp.new" "$stamp"
  say "npm packages are ready" "npm 软件包已就绪"
}

# npm brings one package for each system and processor; on an unclear machine more than one, so each is tried.
link_bun() {
  is_illegal=
  try_binaries && return
  # Killed for an instruction that this processor lacks: Bun has a build for older ones, which its package does not list.
  if [ -n "$is_illegal" ] && [ "$system" = Linux ]; then
    say "this processor needs Bun's build for older ones, fetching it" "这个处理器需要 Bun 面向旧处理器的版本，正在下载"
    version=$(sed -n 's/^ *"bun": "\([0-9.]*\)".*/\1/p' package.json)
    musl=
    [ ! -e /lib/ld-musl-x86_64.so.1 ] || musl=-musl
    NODE_ENV='' npm install --no-save --ignore-scripts --include=dev --no-audit --no-fund --loglevel=error \
      "@oven/bun-linux-x64$musl-baseline@$version" >"$log" 2>&1 || true
    try_binaries && return
  fi
  fail "there is no Bun binary for this machine ($system $(uname -m)). It runs on Linux and macOS, x86-64 and ARM 64." \
    "没有适合这台机器（$system $(uname -m)）的 Bun 程序。它支持 Linux 和 macOS，x86-64 和 ARM 64。"
}

try_binaries() {
  for binary in node_modules/@oven/bun-*/bin/bun node_modules/bun/bin/bun.exe; do
    [ -x "$binary" ] || continue
    code=0
    "./$binary" --version >/dev/null 2>&1 || code=$?
    if [ $code -eq 0 ]; then
      ln -sf "../${binary#node_modules/}" node_modules/.bin/bun
      return 0
    fi
    # As a shell says SIGILL.
    [ $code -ne 132 ] || is_illegal=yes
  done
  return 1
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
    ip) case $command in dnf* | yum*) echo iproute ;; *) echo iproute2 ;; esac ;;
    setpriv) case $command in apk*) echo setpriv ;; *) echo util-linux ;; esac ;;
    pdftotext) case $command in pacman*) echo poppler ;; zypper*) echo poppler-tools ;; *) echo poppler-utils ;; esac ;;
    dovecot) case $command in apt-get*) printf '%s\n' dovecot-imapd dovecot-lmtpd ;; *) echo dovecot ;; esac ;;
    mount) case $command in apt-get* | apk*) echo mount ;; *) echo util-linux ;; esac ;;
    *) echo "$program" ;;
    esac
  done | sort -u | tr '\n' ' '
}

install_programs() {
  command=$(install_command)
  if [ -z "$command" ]; then
    give_up "please install these by your system's package manager: $*" "请用系统的软件包管理器安装：$*"
    return 0
  fi
  packages=$(packages_for "$@")
  prefix=
  if [ "$(id -u)" -ne 0 ]; then
    prefix="sudo -n"
    if ! sudo -n true >/dev/null 2>&1; then
      give_up "the sandbox needs $*. Install it with: sudo ${command%% -o *} $packages" \
        "沙箱需要 $*。请这样安装：sudo ${command%% -o *} $packages"
      return 0
    fi
  fi
  say "installing $packages" "正在安装 $packages"
  for attempt in first second; do
    # shellcheck disable=SC2086
    if $prefix env DEBIAN_FRONTEND=noninteractive $command $packages >"$log" 2>&1; then
      [ -z "$(missing_programs)" ] && return 0
    fi
    # shellcheck disable=SC2046,SC2086
    [ $attempt = second ] || $prefix $(refresh_command "$command") >"$log" 2>&1 || true
  done
  tail -n 5 "$log" | sed 's/^/  /' >&2
  give_up "could not install $packages. Try it yourself: ${prefix:+sudo }${command%% -o *} $packages" \
    "无法安装 $packages。请自己试试：${prefix:+sudo }${command%% -o *} $packages"
}

# Without its sandbox the program still chats, and says what is missing when a tool is wanted; the tests cannot do without.
give_up() {
  say "$@"
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
