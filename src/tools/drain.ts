import type { SandboxProcess } from "../sandbox/sandbox.ts";
import { systemClock } from "../clock.ts";

const graceMs = 1000;

/**
 * Hands every chunk to `receive` until the stream ends. When the process is gone and something still holds the
 * stream open, it is left after a second. Never rejects: a broken stream is an ended one.
 */
export async function drain(
  stream: ReadableStream<Uint8Array>,
  exited: SandboxProcess["exited"],
  receive: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = stream.getReader();
  const ended = new AbortController();
  void leaveAfterExit(reader, exited, ended.signal);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) receive(next.value);
  } catch {
    return;
  } finally {
    ended.abort();
  }
}

async function leaveAfterExit(
  reader: { cancel(): Promise<void> },
  exited: SandboxProcess["exited"],
  ended: AbortSignal,
): Promise<void> {
  await exited;
  try {
    await systemClock.sleep(graceMs, ended);
    await reader.cancel();
  } catch {
    // The stream ended by itself.
  }
}
