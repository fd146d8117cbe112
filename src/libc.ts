import { dlopen, type FFIFunction, type Library } from "bun:ffi";

/**
 * What the C library says at once. The same by way of `node:tty`, `node:fs` or a local `Date` loads a part of the
 * runtime that costs one to four milliseconds of every start.
 */
const libraries =
  process.platform === "darwin"
    ? ["libSystem.dylib"]
    : ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

/** Undefined where the library is called something else. */
export function openLibc<const Functions extends Record<string, FFIFunction>>(
  functions: Functions,
): Library<Functions>["symbols"] | undefined {
  for (const library of libraries) {
    try {
      return dlopen(library, functions).symbols;
    } catch {
      // The other C library, then.
    }
  }
  return undefined;
}

export function isTerminal(descriptor: number): boolean {
  const libc = openLibc({ isatty: { args: ["int"], returns: "int" } });
  if (libc === undefined) return process.getBuiltinModule("node:tty").isatty(descriptor);
  return libc.isatty(descriptor) === 1;
}

/** Whether the last name of `path` is a symbolic link; false where nothing stands. */
export function isLink(path: string): boolean {
  const libc = openLibc({ readlink: { args: ["ptr", "ptr", "usize"], returns: "i64" } });
  if (libc === undefined) {
    const { lstatSync } = process.getBuiltinModule("node:fs");
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  }
  return libc.readlink(new TextEncoder().encode(`${path}\0`), new Uint8Array(1), 1) >= 0;
}

/** How far this machine's clocks stand before UTC at that time. */
export function findUtcOffsetMinutes(time: Date): number {
  localTime ??= openLocalTime();
  const seconds = BigInt64Array.of(BigInt(Math.floor(time.getTime() / 1000)));
  const found = localTime.ask?.(seconds, localTime.parts) ?? null;
  return found === null ? -time.getTimezoneOffset() : Number(localTime.parts[gmtoffAt]) / 60;
}

/** Opened once: a gateway asks with every turn, and each opening makes machine code anew. */
let localTime: ReturnType<typeof openLocalTime> | undefined;

function openLocalTime() {
  const ask = openLibc({ localtime_r: { args: ["ptr", "ptr"], returns: "ptr" } })?.localtime_r;
  return { ask, parts: new BigInt64Array(8) };
}

/** `tm_gmtoff` stands behind nine `int`s and their padding in glibc, musl and macOS alike: the sixth of eight bytes each. */
const gmtoffAt = 5;
