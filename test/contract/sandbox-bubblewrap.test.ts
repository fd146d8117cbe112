import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { describeSandboxRuntime } from "./sandbox.ts";

const who = process.getuid?.() === 0 ? "root" : "an ordinary user";
describeSandboxRuntime(`bubblewrap started by ${who}`, () => createBubblewrap());
