/** Reads to the end, or rejects with `signal.reason`; the rest stays unread then. `onBytes` may throw to give up. */
export async function readAll(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  onBytes: (total: number) => void = () => {},
): Promise<Uint8Array> {
  signal.throwIfAborted();
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  function cancel(): void {
    void reader.cancel().catch(() => {});
  }
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return Buffer.concat(chunks);
      chunks.push(value);
      total += value.byteLength;
      onBytes(total);
    }
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
