import { systemCalls } from "../system-calls.ts";

/**
 * A program for our own executable, which is Bun: evaluates its argument and prints what came of it. It stands here as text because it
 * runs on both sides, and a sandbox shows nothing of this program.
 */
export function createTool(machine: string = process.arch): string {
  const index = machine === "x64" ? 0 : 1;
  const numbers = Object.fromEntries(Object.entries(systemCalls).map(([name, both]) => [name, both[index]]));
  return `
import { dlopen, ptr, read } from "bun:ffi";
import { constants } from "node:os";
const numbers = ${JSON.stringify(numbers)};
const env = process.env;
const word = "i64";
const wanted = {
  syscall: { args: [word, word, word, word, word, word, word], returns: word },
  __errno_location: { args: [], returns: "ptr" },
};
const libc = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"].reduce((found, name) => {
  try { return found ?? dlopen(name, wanted).symbols; } catch (why) { console.error(why.message); return found; }
}, undefined);
const kept = [];
let failure = 0;
function address(bytes) { kept.push(bytes); return ptr(bytes); }
function text(string) { return Buffer.from(string + "\\0"); }
function raw(...words) {
  const all = [...words, 0, 0, 0, 0, 0, 0].slice(0, 7).map((each) => typeof each === "object" ? address(each) : each);
  const result = Number(libc.syscall(...all));
  failure = result < 0 ? read.i32(libc.__errno_location(), 0) : 0;
  return result;
}
function sys(name, ...words) {
  if (numbers[name] === undefined) throw new Error(name + " is not known on this machine");
  return raw(numbers[name], ...words);
}
function error() {
  return Object.entries(constants.errno).find(([, number]) => number === failure)?.[0] ?? String(failure);
}
async function ask(where) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const late = setTimeout(() => reject(new Error("no answer")), 3000);
  let heard = "";
  try {
    await Bun.connect({ ...where, socket: {
      open: (socket) => { socket.write("?"); },
      data: (_, bytes) => { heard += bytes.toString(); },
      close: () => resolve(heard),
      connectError: (_, why) => reject(why),
    } });
    return await promise;
  } finally {
    clearTimeout(late);
  }
}
try {
  const evaluate = new Function("sys", "raw", "text", "address", "error", "ask", "env", "return (" + process.argv[2] + ")");
  const result = await evaluate(sys, raw, text, address, error, ask, env);
  console.log(result === true ? "WORKED" : typeof result === "string" && result !== "" ? result : error());
} catch (why) {
  // A connection that was refused is an answer; anything else means that nothing was tried.
  console.log(why.code ?? why.message);
  if (typeof why.code !== "string" && why.message !== "no answer") process.exit(126);
}
process.exit(0);
`;
}
