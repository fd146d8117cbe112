import { AppError } from "../../errors.ts";

/** All of it, or `AppError("too-long")` as soon as there is more; `name` says of what. */
export async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  mostBytes: number,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    signal.throwIfAborted();
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new AppError("too-long", `${name} is larger than ${mostBytes / 1e6} MB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
