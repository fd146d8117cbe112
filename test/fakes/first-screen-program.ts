import { explain } from "../../src/errors.ts";
import { openKeyboard } from "../../src/login/keyboard.ts";
import { runOnboardCommand } from "../../src/commands/onboard.ts";

/** `onboard` at the terminal that this process stands in; the key is accepted without asking anybody. */
const encoder = new TextEncoder();
const writer = Bun.stdout.writer();
async function write(text: string): Promise<void> {
  await writer.write(encoder.encode(text));
  await writer.flush();
}

const io = {
  env: { ...process.env },
  cwd: process.cwd(),
  isTerminal: { input: true, output: true, error: true },
  columns: 80,
  rows: 24,
  write,
  writeError: write,
  readAllInput: async () => new Uint8Array(),
};

try {
  process.exitCode = await runOnboardCommand([], io, new AbortController().signal, {
    findLocalServers: async () => [],
    checkKey: async () => ({ outcome: "accepted" }),
    openBrowser: () => false,
    openKeyboard,
  });
} catch (error) {
  await write(`${explain(error).message}\n`);
  process.exitCode = 1;
}
