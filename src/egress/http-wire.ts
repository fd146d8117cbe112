import type { Wire } from "../wire.ts";
import { parseRequestHead, Refusal, type BodyFraming, type RequestHead } from "./request-head.ts";

const maxHeadBytes = 32 * 1024;

/** Nothing when the other side leaves before it has said a word. Throws `Refusal`. */
export async function readHead(wire: Wire): Promise<RequestHead | undefined> {
  const text = await readUntil(wire, "\r\n\r\n", maxHeadBytes);
  return text === undefined ? undefined : parseRequestHead(text);
}

/** A request's body, no byte more: what comes behind it is not another request's. Ends in an error when it is cut or malformed. */
export function readBody(
  wire: Wire,
  framing: BodyFraming,
  maxBytes: number,
): ReadableStream<Uint8Array> | undefined {
  if (framing === 0) return undefined;
  if (framing !== "chunked" && framing > maxBytes) throw new Refusal(413, "The body is too large.");
  const parts = framing === "chunked" ? readChunks(wire) : readExactly(wire, framing);
  let total = 0;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) return controller.close();
      total += value.length;
      if (total > maxBytes) throw new Refusal(413, "The body is too large.");
      controller.enqueue(value);
    },
  });
}

/** Ends in an error at the first piece that may not leave any more. */
export function watchBody(mayGoOn: () => Promise<boolean>): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    async transform(piece, controller) {
      if (!(await mayGoOn())) throw new Refusal(403, "Private data was read since this began.");
      controller.enqueue(piece);
    },
  });
}

/** The whole answer; one per connection, so its end is the connection's. */
export async function writeResponse(
  wire: Wire,
  response: Response,
  { method, version }: Pick<RequestHead, "method" | "version">,
  maxBytes: number,
): Promise<void> {
  const hasBody = method !== "HEAD" && ![204, 304].includes(response.status);
  const isCounted = response.headers.has("content-length");
  const isChunked = hasBody && !isCounted && version === "1.1";
  const headers = [...response.headers].filter(([name]) => !connectionHeaders.includes(name));
  const lines = [
    ...headers,
    ...(isChunked ? [["transfer-encoding", "chunked"]] : []),
    ["connection", "close"],
  ];
  await wire.write(
    Buffer.from(
      `HTTP/1.1 ${response.status} ${response.statusText}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
      "latin1",
    ),
  );
  let total = 0;
  const parts: ReadableStream<Uint8Array> | undefined = response.body ?? undefined;
  const reader = hasBody ? parts?.getReader() : undefined;
  for (;;) {
    const part = (await reader?.read())?.value;
    if (part === undefined) break;
    if (part.length === 0) continue;
    total += part.length;
    // Cut, and seen to be cut: the last chunk is missing, or bytes of the length.
    if (total > maxBytes) return;
    if (isChunked) await wire.write(`${part.length.toString(16)}\r\n`);
    if (!(await wire.write(part))) return;
    if (isChunked) await wire.write("\r\n");
  }
  if (isChunked) await wire.write("0\r\n\r\n");
}

const connectionHeaders = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

async function* readExactly(wire: Wire, length: number): AsyncGenerator<Uint8Array, void> {
  for (let left = length; left > 0;) {
    const chunk = await wire.read();
    if (chunk === undefined) throw new Refusal(400, "The body is shorter than it says.");
    const part = chunk.subarray(0, left);
    wire.unread(chunk.subarray(part.length));
    left -= part.length;
    yield part;
  }
}

/** No extensions and no trailers: nobody sends them, and parsers differ about them. */
async function* readChunks(wire: Wire): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const line = await readUntil(wire, "\r\n", 16);
    if (line === undefined || !/^[0-9a-fA-F]{1,8}$/.test(line))
      throw new Refusal(400, "The body is malformed.");
    const length = Number.parseInt(line, 16);
    yield* readExactly(wire, length);
    if ((await readUntil(wire, "\r\n", 2)) !== "") throw new Refusal(400, "The body is malformed.");
    if (length === 0) return;
  }
}

/** A character for a byte, up to `end` and without it. What follows stays unread. */
async function readUntil(wire: Wire, end: string, limit: number): Promise<string | undefined> {
  let text = "";
  for (;;) {
    const chunk = await wire.read();
    if (chunk === undefined) {
      if (text === "") return undefined;
      throw new Refusal(400, "The request is cut off.");
    }
    text += Buffer.from(chunk).toString("latin1");
    const at = text.indexOf(end);
    if (at > limit || (at === -1 && text.length > limit)) throw new Refusal(431, "The head is too large.");
    if (at === -1) continue;
    wire.unread(Buffer.from(text.slice(at + end.length), "latin1"));
    return text.slice(0, at);
  }
}
