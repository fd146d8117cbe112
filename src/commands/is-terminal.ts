import { dlopen } from "bun:ffi";

/** Whether a descriptor is a terminal. Asks libc: importing `node:tty` for it would cost 3 ms of every start. */
export function isTerminal(descriptor: number): boolean {
  const name = process.platform === "darwin" ? "libSystem.dylib" : "libc.so.6";
  try {
    const libc = dlopen(name, { isatty: { args: ["int"], returns: "int" } });
    const answer = libc.symbols.isatty(descriptor) === 1;
    libc.close();
    return answer;
  } catch {
    return process.getBuiltinModule("node:tty").isatty(descriptor);
  }
}
