import { constants } from "node:os";

/** What the kernel is told of one machine: its name in the filter, and the numbers of its system calls. */
interface Machine {
  readonly architecture: number;
  readonly socket: number;
  readonly socketPair: number;
  /** Each with the argument that holds the mode. */
  readonly mode: readonly (readonly [number: number, mode: number])[];
  /** Each with the arguments that hold the flags and the mode. */
  readonly open: readonly (readonly [number: number, flags: number, mode: number])[];
  /** Kernel keys, tracing and handlers of the kernel's own: nothing here needs them, and holes were found in them. */
  readonly refused: readonly number[];
}

/** The newer ones have the same number everywhere: `io_uring_*`, whose work no filter sees, `openat2` and `fchmodat2`. */
const unknownEverywhere = [425, 426, 427, 437, 452];

const machines: Readonly<Record<string, Machine>> = {
  x64: {
    architecture: 0xc000003e,
    socket: 41,
    socketPair: 53,
    // chmod fchmod fchmodat mkdir mkdirat mknod mknodat creat
    mode: [
      [90, 1],
      [91, 1],
      [268, 2],
      [83, 1],
      [258, 2],
      [133, 1],
      [259, 2],
      [85, 1],
    ],
    open: [
      [2, 1, 2],
      [257, 2, 3],
    ],
    // add_key request_key keyctl userfaultfd bpf perf_event_open
    refused: [248, 249, 250, 323, 321, 298],
  },
  arm64: {
    architecture: 0xc00000b7,
    socket: 198,
    socketPair: 199,
    // fchmod fchmodat mkdirat mknodat
    mode: [
      [52, 1],
      [53, 2],
      [34, 2],
      [33, 2],
    ],
    open: [[56, 2, 3]],
    refused: [217, 218, 219, 282, 280, 241],
  },
};

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
  const machine = machines[machineName];
  if (machine === undefined) return undefined;
  const program: Instruction[] = [
    [load, 0, 0, 4],
    [jumpIfEqual, 1, 0, machine.architecture],
    refuse(ENOSYS),
    [load, 0, 0, 0],
    // x86-64 has a second set of numbers.
    [jumpIfAtLeast, 0, 1, 0x40000000],
    refuse(ENOSYS),
    ...unknownEverywhere.flatMap((number) => when(number, [refuse(ENOSYS)])),
    ...machine.refused.flatMap((number) => when(number, [refuse(EPERM)])),
    ...when(machine.socket, checkFamily(allowsUnixSockets ? [unixFamily, ...families] : families)),
    ...when(machine.socketPair, [
      ...(allowsUnixSockets ? [] : checkType()),
      ...checkFamily([unixFamily, ...families]),
    ]),
    ...machine.mode.flatMap(([number, mode]) => when(number, checkMode(mode))),
    ...machine.open.flatMap(([number, flags, mode]) => when(number, checkOpening(flags, mode))),
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

/** `block` answers in each of its branches, so what follows still has the number at hand. */
function when(number: number, block: readonly Instruction[]): Instruction[] {
  return [[jumpIfEqual, 0, block.length, number], ...block];
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
