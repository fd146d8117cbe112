#!/bin/sh
# in-memory.sh COMMAND…: runs it with a TMPDIR that lies in memory and ends with it. On a disk each commit of the thousands of
# databases that tests open waits for that disk, and so does whoever else uses it. With a TMPDIR of one's own, as an ordinary user,
# with less than 4 GB to spare, or where nothing may be mounted, it runs as it would have without this.
set -eu
spare=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null || echo 0)
if [ -n "${TMPDIR:-}" ] || [ "$(id -u)" != 0 ] || [ "${spare:-0}" -lt 4000000 ] || ! unshare --mount true 2>/dev/null; then
  exec "$@"
fi

TMPDIR=$(mktemp -d /tmp/nanoclaw-memory.XXXXXX)
trap 'rmdir "$TMPDIR"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export TMPDIR
# The mount is seen by the command alone. The program goes along, in a folder of its own: a home on the same disk links it
# instead of copying it.
unshare --mount sh -c '
  if mount -t tmpfs -o size=3g,mode=1777 nanoclaw-tests "$TMPDIR" 2>/dev/null; then
    if [ -n "${NANOCLAW_PROGRAM:-}" ]; then
      mkdir "$TMPDIR/program"
      cp -p "$NANOCLAW_PROGRAM" "$TMPDIR/program/"
      NANOCLAW_PROGRAM=$TMPDIR/program/${NANOCLAW_PROGRAM##*/}
    fi
  else
    TMPDIR=/tmp
  fi
  exec "$@"
' sh "$@"
