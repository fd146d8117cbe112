import type { Probe } from "./probe.ts";

/** What of the host's processes, environments and kernel can be seen or changed. Files of the kernel are opened for writing and not written. */
export const processProbes: readonly Probe[] = [
  {
    id: "env.own",
    tries: "find a secret of NanoClaw's environment in its own",
    attack: { sh: "env" },
    control: { sh: 'HOST_SECRET=$(cat "$SSH_KEY") env' },
  },
  {
    id: "env.first-process",
    tries: "find it in that of the first process",
    attack: { sh: "tr '\\0' '\\n' < /proc/1/environ" },
    control: { sh: "tr '\\0' '\\n' < /proc/$VICTIM/environ" },
  },
  {
    id: "env.all-processes",
    tries: "find it in that of any process",
    attack: { sh: "cat /proc/[0-9]*/environ /proc/[0-9]*/task/*/environ | tr '\\0' '\\n'" },
  },
  {
    id: "env.leaked-descriptors",
    tries: "read through a file that NanoClaw left open",
    attack: { sh: "timeout 2 cat /proc/self/fd/[3-9] /proc/self/fd/[1-9][0-9]* </dev/null" },
    control: { sh: 'exec 9<"$SSH_KEY"; timeout 2 cat /proc/self/fd/9 </dev/null' },
  },
  {
    id: "proc.see-host",
    tries: "see a process of the host",
    attack: { sh: '[ -d "/proc/$VICTIM" ] && echo WORKED' },
  },
  { id: "proc.signal-host", tries: "send it a signal", attack: { sh: 'kill -0 "$VICTIM" && echo WORKED' } },
  {
    id: "proc.ptrace-host",
    tries: "take it over as a debugger does",
    attack: { js: `sys("ptrace", 16, Number(env.VICTIM), 0, 0) === 0` },
  },
  {
    id: "proc.read-host-memory",
    tries: "read its memory",
    attack: {
      js: `(() => {
        const here = new Uint8Array(8), local = new BigUint64Array([BigInt(address(here)), 8n]), remote = new BigUint64Array([4096n, 8n]);
        return sys("process_vm_readv", Number(env.VICTIM), local, 1, remote, 1, 0) >= 0 || error() === "EFAULT";
      })()`,
    },
  },
  {
    id: "proc.kernel-memory",
    tries: "read the memory of the kernel",
    attack: { sh: "head -c 1 /proc/kcore >/dev/null && echo WORKED" },
  },
  {
    id: "proc.sysrq",
    tries: "open what restarts the machine",
    attack: { sh: "(: >> /proc/sysrq-trigger) && echo WORKED" },
  },
  {
    id: "proc.core-pattern",
    tries: "open what the kernel runs as root when a program crashes",
    attack: { sh: "(: >> /proc/sys/kernel/core_pattern) && echo WORKED" },
  },
  {
    id: "proc.kernel-settings",
    tries: "open a setting of the kernel for writing",
    attack: { sh: "(: >> /proc/sys/vm/overcommit_memory) && echo WORKED" },
  },
  {
    id: "proc.kernel-log",
    tries: "read the log of the kernel",
    attack: { js: `sys("syslog", 3, new Uint8Array(4096), 4096) > 0` },
  },
  {
    id: "proc.host-name",
    tries: "learn the name of this machine",
    attack: { sh: '[ "$(uname -n)" = "$HOST_NAME" ] && echo WORKED' },
  },
  {
    id: "proc.terminal",
    tries: "open the terminal that NanoClaw runs in",
    attack: { sh: "(: < /dev/tty) && echo WORKED" },
    control: { sh: "script -qc '(: < /dev/tty) && echo WORKED' /dev/null" },
  },
  {
    id: "ipc.host-segment",
    tries: "attach to shared memory of a program of the host",
    attack: { js: `sys("shmget", Number(env.SHM_KEY), 0, 0) >= 0` },
  },
];
