import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { describeSandboxNetwork } from "./sandbox-network.ts";

const who = process.getuid?.() === 0 ? "root" : "an ordinary user";
describeSandboxNetwork(`the way out of bubblewrap started by ${who}`, () => createBubblewrap());
