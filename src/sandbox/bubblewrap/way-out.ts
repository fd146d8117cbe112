import { constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import { openLibc } from "../../libc.ts";
import { toWireHandler } from "../../wire.ts";
import { proxyAddress } from "../proxy-address.ts";
import type { SandboxNetwork } from "../sandbox.ts";
import { Descriptor } from "./descriptor.ts";
import { forward } from "./forward.ts";
import { findProgram } from "./programs.ts";

const networkNamespace = 0x40000000;
/** `ioctl(NS_GET_USERNS)`: whose a namespace is. */
const ownerOfNamespace = 0xb701;
const forwarderMs = 10_000;

/** The listeners at `proxyAddress` in one sandbox's calls. Each call has a network of its own, and so one of its own. */
export class WayOut implements AsyncDisposable {
  readonly network: SandboxNetwork;
  readonly #isRoot: boolean;
  readonly #searchPath: string;
  #door: Promise<Door> | undefined;

  constructor(network: SandboxNetwork, { isRoot, searchPath }: { isRoot: boolean; searchPath: string }) {
    this.network = network;
    this.#isRoot = isRoot;
    this.#searchPath = searchPath;
  }

  /** Opens it in the network of a process that has run nothing yet; to be closed when that has ended. */
  async open(pid: number, signal: AbortSignal): Promise<Disposable> {
    if (this.#isRoot) return listenIn(pid, this.network);
    this.#door ??= openDoor(this.network);
    return await startForwarder(pid, (await this.#door).path, this.#searchPath, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#door)?.[Symbol.asyncDispose]();
  }
}

/**
 * Root: a socket belongs for good to the network in which it was made, so this thread goes there for as long as that
 * takes. Nothing else of the program runs meanwhile, and no other thread comes along.
 */
function listenIn(pid: number, network: SandboxNetwork): Disposable {
  const libc = openLibc({ setns: { args: ["i32", "i32"], returns: "i32" } });
  using own = Descriptor.open("/proc/thread-self/ns/net", constants.O_RDONLY);
  using theirs = Descriptor.open(`/proc/${pid}/ns/net`, constants.O_RDONLY);
  if (libc?.setns(theirs.number, networkNamespace) !== 0) throw failed("its network cannot be entered");
  try {
    const socket = toWireHandler((wire) => network.accept(wire));
    const listener = Bun.listen({ ...proxyAddress, allowHalfOpen: true, socket });
    return { [Symbol.dispose]: () => listener.stop(true) };
  } finally {
    // Never go on in there: every connection of ours would be one of the sandbox.
    if (libc.setns(own.number, networkNamespace) !== 0) process.abort();
  }
}

interface Door extends AsyncDisposable {
  readonly path: string;
}

/** A socket in a folder that only we may enter: the kernel lets nobody but our own processes connect. */
async function openDoor(network: SandboxNetwork): Promise<Door> {
  const folder = await mkdtemp("/tmp/nanoclaw-way-out-");
  const path = `${folder}/socket`;
  const socket = toWireHandler((wire) => network.accept(wire));
  const listener = Bun.listen({ unix: path, allowHalfOpen: true, socket });
  return {
    path,
    async [Symbol.asyncDispose]() {
      listener.stop(true);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * An ordinary user: only a process that is new in the sandbox's user namespace may enter its network. It is our own
 * executable, in the sandbox's network alone: nothing inside can see it, and it has nothing of the sandbox's files.
 */
async function startForwarder(
  pid: number,
  socket: string,
  searchPath: string,
  signal: AbortSignal,
): Promise<Disposable> {
  using network = Descriptor.open(`/proc/${pid}/ns/net`, constants.O_RDONLY);
  using users = findOwner(network);
  const nsenter = findProgram("nsenter", "util-linux", searchPath);
  const entry = [nsenter, "--user=/proc/self/fd/3", "--net=/proc/self/fd/4", "--preserve-credentials", "--"];
  const itself = [process.execPath, "--no-env-file", "--config=/dev/null", "--no-install", "-e"];
  const address = JSON.stringify({ ...proxyAddress, socket });
  const child = Bun.spawn([...entry, ...itself, `(${forward.toString()})(${address})`], {
    // A compiled program is Bun and our code; here it is to be Bun alone.
    env: { BUN_BE_BUN: "1" },
    cwd: "/",
    // It ends when its input does: with the call, or with us.
    stdio: ["pipe", "pipe", "ignore", users.number, network.number],
  });
  const end = () => child.kill("SIGKILL");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(forwarderMs)]);
  limit.addEventListener("abort", end, { once: true });
  try {
    const first = await child.stdout.getReader().read();
    signal.throwIfAborted();
    if (first.done) throw failed("nothing listens in it");
    return { [Symbol.dispose]: end };
  } catch (error) {
    end();
    throw error;
  } finally {
    limit.removeEventListener("abort", end);
  }
}

function findOwner(namespace: Descriptor): Descriptor {
  const libc = openLibc({ ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" } });
  const owner = libc?.ioctl(namespace.number, ownerOfNamespace, null) ?? -1;
  if (owner < 0) throw failed("the owner of its network cannot be found");
  return new Descriptor(owner);
}

function failed(why: string): AppError {
  return new AppError("sandbox-failed", `The sandbox has no way out: ${why}.`);
}
