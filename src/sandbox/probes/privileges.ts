import type { Probe } from "./probe.ts";

/** In a mount namespace of its own, in which a folder that was made for it is what is mounted over. */
function apart(line: string): { readonly sh: string } {
  return { sh: `unshare $AS_ROOT --mount sh -c '${line}'` };
}

/** Whether more rights can be had, and what the kernel keeps for administrators. */
export const privilegeProbes: readonly Probe[] = [
  {
    id: "priv.status",
    tries: "find a capability, or be without the filter of system calls",
    attack: {
      sh: "grep -Eq '^(NoNewPrivs|Seccomp):[[:space:]]*0$|^Cap(Inh|Prm|Eff|Bnd|Amb):.*[1-9a-f]' /proc/self/status && echo WORKED",
    },
  },
  {
    id: "priv.setuid",
    tries: "become root",
    attack: { js: `sys("setuid", 0) === 0` },
    control: { sh: "[ $(unshare $AS_ROOT id -u) = 0 ] && echo WORKED" },
  },
  {
    id: "priv.mount",
    tries: "mount something over the workspace",
    attack: { js: `sys("mount", text("none"), text(env.SPARE), text("tmpfs"), 0, 0) === 0` },
    control: apart('mount -t tmpfs none "$SPARE" && echo WORKED'),
  },
  {
    id: "priv.mount-new",
    tries: "mount by the newer system calls",
    attack: { js: `sys("fsopen", text("tmpfs"), 0) >= 0` },
    control: { js: `sys("fsopen", text("tmpfs"), 0) >= 0` },
  },
  {
    id: "priv.remount",
    tries: "make the system's programs writable",
    attack: { js: `sys("mount", text("none"), text("/usr"), 0, 0x1020, 0) === 0` },
    control: apart(
      'mount --bind "$SPARE" "$SPARE" && mount -o remount,bind,ro "$SPARE" && mount -o remount,bind,rw "$SPARE" && echo WORKED',
    ),
  },
  {
    id: "priv.umount",
    tries: "take away what covers the host's /proc",
    attack: {
      js: `["/proc/sys", "/proc", "/dev", "/usr"].some((path) => sys("umount2", text(path), 2) === 0)`,
    },
    control: apart('mount -t tmpfs none "$SPARE" && umount "$SPARE" && echo WORKED'),
  },
  {
    id: "priv.chroot",
    tries: "change its root folder",
    attack: { js: `sys("chroot", text(env.SPARE)) === 0` },
    control: {
      sh: 'unshare $AS_ROOT --mount sh -c \'mount --rbind / "$SPARE" && chroot "$SPARE" /bin/echo WORKED\'',
    },
  },
  {
    id: "priv.user-namespace",
    tries: "be root in a namespace of its own",
    attack: { js: `sys("unshare", 0x10000000) === 0` },
    control: { sh: "unshare --user true && echo WORKED" },
  },
  {
    id: "priv.clone-namespace",
    tries: "the same by starting a process",
    attack: { sh: "unshare --user --fork true && echo WORKED" },
  },
  {
    id: "priv.enter-namespace",
    tries: "enter a namespace of the host",
    attack: { sh: "nsenter --mount --target 1 true && echo WORKED" },
    control: { sh: "nsenter $ENTER --mount --target $VICTIM true && echo WORKED" },
  },
  {
    id: "priv.kernel-module",
    tries: "load a part of the kernel",
    attack: { js: `sys("init_module", 0, 0, text("")) === 0 || !["EPERM", "ENOSYS"].includes(error())` },
  },
  {
    id: "sys.keyring",
    tries: "use the kernel's store of keys",
    attack: { js: `sys("add_key", text("user"), text("nanoclaw-probe"), text("x"), 1, -2) >= 0` },
  },
  {
    id: "sys.bpf",
    tries: "run a program in the kernel",
    attack: {
      js: `sys("bpf", 0, new Uint32Array([2, 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 72) >= 0`,
    },
  },
  {
    id: "sys.perf",
    tries: "watch the processor",
    attack: {
      js: `(() => {
        const wanted = new Uint32Array(32);
        wanted[0] = 1; wanted[1] = 128;
        return sys("perf_event_open", wanted, 0, -1, -1, 0) >= 0;
      })()`,
    },
  },
  {
    id: "sys.userfaultfd",
    tries: "stop the kernel at a page of memory",
    attack: { js: `sys("userfaultfd", 0) >= 0` },
  },
  {
    id: "sys.io_uring",
    tries: "have work done that no filter sees",
    attack: { js: `sys("io_uring_setup", 1, new Uint8Array(256)) >= 0` },
  },
  {
    id: "sys.fanotify",
    tries: "watch all files of a disk",
    attack: { js: `sys("fanotify_init", 0, 0) >= 0` },
  },
  {
    id: "sys.second-numbers",
    tries: "reach the kernel by the other set of numbers of this processor",
    attack: { js: `raw(0x40000000 + 39) > 0` },
  },
];
