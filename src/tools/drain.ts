import type { SandboxProcess } from "../sandbox/sandbox.ts";

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
  let timer: ReturnType<typeof setTimeout> | undefined;
  void exited.then(() => {
    timer = setTimeout(() => void reader.cancel().catch(() => {}), graceMs);
  });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) receive(next.value);
  } catch {
    return;
  } finally {
    // `exited` may settle after the stream ended: a timer that is set then must not outlive this call.
    void exited.then(() => clearTimeout(timer));
  }
}
