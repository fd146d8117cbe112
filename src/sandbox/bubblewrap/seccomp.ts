import { constants } from "node:os";
import { findSystemCall, type SystemCall } from "../system-calls.ts";

/** As the kernel calls the machines that we know. */
const architectures: Readonly<Record<string, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** `io_uring_*`, whose work no filter sees; and calls whose arguments lie in memory, where none sees them either: libraries take the older. */
const unknown: readonly SystemCall[] = [
  ...(["io_uring_setup", "io_uring_enter", "io_uring_register"] as const),
  ...(["openat2", "fchmodat2", "clone3"] as const),
];

/** Nothing inside needs these, and each has been a way to more rights or was found to have holes. */
const refused: readonly SystemCall[] = [
  // The kernel's keys, its programs, its counters, its log.
  ...(["add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd", "syslog"] as const),
  ...(["lookup_dcookie", "kcmp", "fanotify_init", "open_by_handle_at"] as const),
  // What is mounted, and in which namespace one is.
  ...([
    "mount",
    "umount2",
    "pivot_root",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
  ] as const),
  ...(["fspick", "mount_setattr", "setns", "unshare"] as const),
  // The machine itself.
  ...(["init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot"] as const),
  ...(["acct", "swapon", "swapoff", "quotactl", "quotactl_fd", "settimeofday", "clock_settime"] as const),
  ...(["iopl", "ioperm", "vhangup"] as const),
];

/** Each with the argument that holds the mode. */
const modes = [
  ["chmod", 1],
  ["fchmod", 1],
  ["fchmodat", 2],
  ["mkdir", 1],
  ["mkdirat", 2],
  ["mknod", 1],
  ["mknodat", 2],
  ["creat", 1],
] as const;

/** Each with the arguments that hold the flags and the mode. */
const openings = [
  ["open", 1, 2],
  ["openat", 2, 3],
] as const;

/** `CLONE_NEW…`: time, mount, control group, host name, messages, user, process and network namespaces. */
const namespaceFlags = 0x7e020080;
/** `TIOCSTI` types into the terminal that one was started from, `TIOCLINUX` pastes into the console. */
const typingRequests = [0x5412, 0x541c];

/** AF_INET, AF_INET6, AF_NETLINK, and AF_UNIX where it leads nowhere. No other: AF_VSOCK reaches the hypervisor past the network namespace. */
const families = [2, 10, 16];
const unixFamily = 1;
/** SOCK_STREAM and SOCK_SEQPACKET. A socket of another kind, though one of a pair, can still send to any other by its name. */
const boundTypes = [1, 5] as const;
const socketTypeMask = 0xf;
/** A file that runs as its owner would lend the group's or the owner's uid to anybody who can reach it on the host. */
const setIdBits = 0o6000;
/** `O_CREAT`, `O_TMPFILE`: without them the mode means nothing. */
const creatingFlags = 0x400040;

const { EPERM, ENOSYS, EAFNOSUPPORT } = constants.errno;
const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const jumpIfAnyBit = 0x45;
const mask = 0x54;
const answer = 0x06;
const allow = [answer, 0, 0, 0x7fff0000] as const;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

export interface FilterOptions {
  readonly machineName?: string;
  /** Whether sockets of this machine can be made. What lives in a folder of the host answers, even where that is read-only. */
  readonly allowsUnixSockets: boolean;
}

/**
 * A filter of system calls as the kernel takes it, for `bwrap --seccomp`; nothing on a machine that is neither x86-64 nor
 * arm64. Programs of another kind of machine, such as 32-bit ones, have no system calls at all.
 */
export function createSystemCallFilter({
  machineName = process.arch,
  allowsUnixSockets,
}: FilterOptions): Uint8Array | undefined {
  const architecture = architectures[machineName];
  if (architecture === undefined) return undefined;
  const when = (name: SystemCall, block: readonly Instruction[]): Instruction[] => {
    const number = findSystemCall(name, machineName);
    // `block` answers in each of its branches, so what follows still has the number at hand.
    return number === undefined ? [] : [[jumpIfEqual, 0, block.length, number], ...block];
  };
  const program: Instruction[] = [
    [load, 0, 0, 4],
    [jumpIfEqual, 1, 0, architecture],
    refuse(ENOSYS),
    [load, 0, 0, 0],
    // x86-64 has a second set of numbers.
    [jumpIfAtLeast, 0, 1, 0x40000000],
    refuse(ENOSYS),
    ...unknown.flatMap((name) => when(name, [refuse(ENOSYS)])),
    ...refused.flatMap((name) => when(name, [refuse(EPERM)])),
    ...when("clone", [loadArgument(0), [jumpIfAnyBit, 0, 1, namespaceFlags], refuse(EPERM), allow]),
    ...when("ioctl", [
      loadArgument(1),
      ...typingRequests.flatMap((request): Instruction[] => [[jumpIfEqual, 0, 1, request], refuse(EPERM)]),
      allow,
    ]),
    ...when("socket", checkFamily(allowsUnixSockets ? [unixFamily, ...families] : families)),
    ...when("socketpair", [
      ...(allowsUnixSockets ? [] : checkType()),
      ...checkFamily([unixFamily, ...families]),
    ]),
    ...modes.flatMap(([name, mode]) => when(name, checkMode(mode))),
    ...openings.flatMap(([name, flags, mode]) => when(name, checkOpening(flags, mode))),
    allow,
  ];
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, ifTrue);
    bytes.setUint8(index * 8 + 3, ifFalse);
    bytes.setUint32(index * 8 + 4, value, true);
  }
  return new Uint8Array(bytes.buffer);
}

function checkFamily(known: readonly number[]): Instruction[] {
  const jumps = known.map((family, index): Instruction => [jumpIfEqual, known.length - index, 0, family]);
  return [loadArgument(0), ...jumps, refuse(EAFNOSUPPORT), allow];
}

/** What can only speak to its other end, as pipes between programs are, goes on to the next check. */
function checkType(): Instruction[] {
  return [
    loadArgument(1),
    [mask, 0, 0, socketTypeMask],
    [jumpIfEqual, 2, 0, boundTypes[0]],
    [jumpIfEqual, 1, 0, boundTypes[1]],
    refuse(EAFNOSUPPORT),
  ];
}

function checkMode(mode: number): Instruction[] {
  return [loadArgument(mode), [jumpIfAnyBit, 0, 1, setIdBits], refuse(EPERM), allow];
}

function checkOpening(flags: number, mode: number): Instruction[] {
  const check = checkMode(mode);
  return [loadArgument(flags), [jumpIfAnyBit, 0, check.length - 1, creatingFlags], ...check];
}

/** Its lower half: families, flags and modes are no longer. */
function loadArgument(index: number): Instruction {
  return [load, 0, 0, 16 + 8 * index];
}

function refuse(error: number): Instruction {
  return [answer, 0, 0, 0x00050000 | error];
}
