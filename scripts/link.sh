#!/bin/sh
# Puts `nanoclaw` and `claw` on the PATH: links to dist/nanoclaw, which is built if it is not there.
#   --remove       takes the links away again
#   PREFIX=FOLDER  links into FOLDER/bin; else /usr/local/bin, or ~/.local/bin when that cannot be written
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
program=$(pwd -P)/dist/nanoclaw

if [ -n "${PREFIX:-}" ]; then
  folder=$PREFIX/bin
elif [ -w /usr/local/bin ]; then
  folder=/usr/local/bin
else
  folder=${HOME:?is not set: name a folder with PREFIX=FOLDER}/.local/bin
fi

is_ours() { [ -L "$1" ] && [ "$(readlink "$1")" = "$program" ]; }

case ${1:-} in
--remove)
  for name in nanoclaw claw; do
    if is_ours "$folder/$name"; then rm -f "$folder/$name" && echo "removed $folder/$name"; fi
  done
  exit 0
  ;;
'') ;;
*) echo "link: unknown option $1. Known: --remove" >&2 && exit 2 ;;
esac

[ -x "$program" ] || sh scripts/bun.sh scripts/build.ts
mkdir -p "$folder" 2>/dev/null || { echo "link: cannot make $folder. Name another: PREFIX=FOLDER npm run link" >&2 && exit 1; }
# Both are looked at before either is made.
for name in nanoclaw claw; do
  path=$folder/$name
  if { [ -e "$path" ] || [ -L "$path" ]; } && ! is_ours "$path"; then
    echo "link: $path belongs to something else. Move it away, or name another folder: PREFIX=FOLDER npm run link" >&2
    exit 1
  fi
done
for name in nanoclaw claw; do
  ln -sf "$program" "$folder/$name" || { echo "link: cannot write to $folder. Name another: PREFIX=FOLDER npm run link" >&2 && exit 1; }
  echo "$folder/$name -> $program"
done
case :$PATH: in
*":$folder:"*) ;;
*) echo "Add it to your PATH, in your shell's start file:  export PATH=\"$folder:\$PATH\"" ;;
esac
