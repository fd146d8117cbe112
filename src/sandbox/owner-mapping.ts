import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { openLibc } from "../libc.ts";

/** Who owns a folder on the disk, and as whom its files appear in the mapped mount. */
export interface OwnerMapping {
  readonly from: Identity;
  readonly to: Identity;
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** The newer system calls have the same number on every machine. */
const calls = { openTree: 428, moveMount: 429, mountSetattr: 442 } as const;
const emptyPath = 0x1000;
const cloneTree = 1;
const closeOnExec = 0x80000;
const attributes = { readOnly: 0x1n, noSetId: 0x2n, noDevices: 0x4n, mapped: 0x10_0000n } as const;

/**
 * For root: the descriptor of a mount of the open folder that lies nowhere yet, in which the files of its owner are another's. Those of
 * everybody else are nobody's there and cannot be written. On the disk no owner changes, and what is made there is its owner's.
 * Undefined where the kernel or the file system has no such mounts.
 */
export async function mapOwner(
  folder: number,
  mapping: OwnerMapping,
  canWrite: boolean,
): Promise<number | undefined> {
  const libc = openLibc({
    syscall: { args: ["i64", "i64", "ptr", "i64", "ptr", "i64"], returns: "i64" },
  });
  const namespace = libc === undefined ? undefined : await openUserNamespace(mapping);
  if (libc === undefined || namespace === undefined) return undefined;
  try {
    const here = Buffer.from("\0");
    const flags = emptyPath | cloneTree | closeOnExec;
    const mount = Number(libc.syscall(calls.openTree, folder, here, flags, null, 0));
    if (mount < 0) return undefined;
    const set =
      attributes.mapped | attributes.noSetId | attributes.noDevices | (canWrite ? 0n : attributes.readOnly);
    const wanted = BigUint64Array.of(set, 0n, 0n, BigInt(namespace));
    const result = libc.syscall(calls.mountSetattr, mount, here, emptyPath, wanted, wanted.byteLength);
    if (Number(result) === 0) return mount;
    closeSync(mount);
    return undefined;
  } finally {
    closeSync(namespace);
  }
}

/**
 * Lays such a mount on a folder: `moveMount CODE DESCRIPTOR PATH` for a shell in the mount namespace where it shall lie, which no thread of
 * ours can enter alone. The program is our own executable, asked to be the runtime that it contains.
 */
export const mover = {
  program: process.execPath,
  shell: `moveMount() { BUN_BE_BUN=1 "$program" --no-env-file --config=/dev/null -e "$@"; }`,
  code: `const { dlopen } = require("bun:ffi");
const functions = { syscall: { args: ["i64", "i64", "ptr", "i64", "ptr", "i64"], returns: "i64" } };
const open = (name) => { try { return dlopen(name, functions).symbols; } catch {} };
const libc = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"].map(open).find(Boolean);
const [descriptor, path] = process.argv.slice(-2);
const text = (words) => Buffer.from(words + "\\0");
const currentFolder = -100n, fromDescriptor = 4n;
if (Number(libc.syscall(${calls.moveMount}, BigInt(descriptor), text(""), currentFolder, text(path), fromDescriptor)) !== 0) {
  console.error("a folder mapped to the group could not be mounted");
  process.exit(1);
}`,
} as const;

/** One that exists only to say who becomes whom: its only process ends at once. Undefined where there can be none. */
async function openUserNamespace({ from, to }: OwnerMapping): Promise<number | undefined> {
  const unshare = Bun.which("unshare", { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" });
  if (unshare === null) return undefined;
  const child = Bun.spawn([unshare, "--user", "--", "/bin/sh", "-c", "echo; read -r _"], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
  try {
    const first = await child.stdout.getReader().read();
    if (first.done) return undefined;
    writeFileSync(`/proc/${child.pid}/uid_map`, `${from.uid} ${to.uid} 1\n`);
    writeFileSync(`/proc/${child.pid}/gid_map`, `${from.gid} ${to.gid} 1\n`);
    return openSync(`/proc/${child.pid}/ns/user`, constants.O_RDONLY);
  } catch {
    // In a container root may not have the ids that it would need.
    return undefined;
  } finally {
    await child.stdin.end();
    await child.exited;
  }
}
