import type { Probe } from "./probe.ts";

/** `$1`: the folder or file that is written to. */
function write(target: string): string {
  return `file="${target}/.nanoclaw-probe"; (: > "$file") && rm -f "$file" && echo WORKED`;
}

const inSpare = { sh: write("$SPARE") };

/** What of the host's files can be read or written. */
export const fileProbes: readonly Probe[] = [
  { id: "fs.read-ssh-key", tries: "read an SSH key in a home folder", attack: { sh: 'cat "$SSH_KEY"' } },
  { id: "fs.read-other-group", tries: "read another group's files", attack: { sh: 'cat "$OTHER_FILE"' } },
  {
    id: "fs.list-other-group",
    tries: "list another group's files",
    attack: { sh: 'ls "${OTHER_FILE%/*}" | grep -q secret && echo WORKED' },
  },
  {
    id: "fs.read-state",
    tries: "see NanoClaw's own folder: configuration, keys, database",
    attack: { sh: 'ls "$STATE" >/dev/null && echo WORKED' },
  },
  {
    id: "fs.read-etc-shadow",
    tries: "read the passwords of the system",
    attack: { sh: "head -c 1 /etc/shadow >/dev/null && echo WORKED" },
  },
  {
    id: "fs.read-machine-id",
    tries: "read the id or the name of this machine",
    attack: {
      // The sandbox has a name of its own in that file.
      sh: 'for f in /etc/machine-id /var/lib/dbus/machine-id; do [ -s $f ] && echo WORKED; done; grep -qxF "$HOST_NAME" /etc/hostname && echo WORKED',
    },
  },
  {
    id: "fs.dotdot",
    tries: "leave the workspace by ../..",
    attack: { sh: 'cat "$SPARE/../../../../../../../../..$SSH_KEY"' },
  },
  {
    id: "fs.symlink-in-workspace",
    tries: "follow a link from the workspace",
    attack: { sh: 'ln -sf "$SSH_KEY" "$SPARE/link" && cat "$SPARE/link"' },
  },
  {
    id: "fs.proc-root",
    tries: "reach the host's files through the root of a process",
    attack: {
      sh: 'for root in /proc/[0-9]*/root /proc/[0-9]*/cwd/..; do cat "$root$SSH_KEY" && break; done',
    },
  },
  {
    id: "fs.open_by_handle_at",
    tries: "open a file by its number, past all folders",
    attack: {
      js: `(() => {
        const handle = new Uint8Array(136), mount = new Int32Array(1);
        new DataView(handle.buffer).setUint32(0, 128, true);
        if (sys("name_to_handle_at", -100, text(env.SPARE), handle, mount, 0) < 0) return false;
        const folder = sys("openat", -100, text(env.SPARE), 0, 0);
        return sys("open_by_handle_at", folder, handle, 0) >= 0;
      })()`,
    },
  },
  {
    id: "fs.write-usr",
    tries: "write among the programs of the system",
    attack: { sh: write("/usr/bin") },
    control: inSpare,
  },
  {
    id: "fs.write-etc",
    tries: "write among the settings of the system",
    attack: { sh: write("/etc") },
    control: inSpare,
  },
  { id: "fs.write-root", tries: "write in the root folder", attack: { sh: write("") }, control: inSpare },
  {
    id: "fs.hardlink-system-file",
    tries: "link a file of the system into the workspace",
    attack: { sh: 'ln /usr/bin/env "$SPARE/hard" && echo WORKED' },
    control: { sh: ': > "$SPARE/one" && ln "$SPARE/one" "$SPARE/two" && echo WORKED' },
  },
  {
    id: "fs.suid-file",
    tries: "make a program that runs as its owner",
    attack: { sh: ': > "$SPARE/suid"; chmod 4755 "$SPARE/suid"; [ -u "$SPARE/suid" ] && echo WORKED' },
  },
  {
    id: "fs.mknod",
    tries: "make a device",
    attack: { sh: 'mknod "$SPARE/device" c 1 3 && echo WORKED; rm -f "$SPARE/device"' },
  },
  {
    id: "fs.open-devices",
    tries: "open the memory, a disk, a virtual machine or a tunnel",
    attack: {
      sh: "for d in /dev/mem /dev/port /dev/kvm /dev/fuse /dev/net/tun /dev/vhost-vsock /dev/[svx][dv]a /dev/nvme0n1 /dev/dm-0 /dev/loop0; do [ -e $d ] && (: < $d) && echo WORKED; done",
    },
  },
  {
    id: "fs.host-shm",
    tries: "read the shared memory of the host's programs",
    attack: { sh: 'cat "$HOST_SHM"' },
  },
  {
    id: "fs.write-sysfs",
    tries: "write settings of the hardware",
    attack: {
      sh: "for f in /sys/kernel/uevent_helper /sys/power/state /sys/kernel/mm/transparent_hugepage/enabled /sys/class/net/lo/mtu; do [ -w $f ] && echo WORKED; done",
    },
  },
  {
    id: "fs.write-cgroup",
    tries: "change its own limits",
    attack: {
      sh: "for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do [ -w $f ] && echo WORKED; done",
    },
  },
];
