import { EventStream } from "./event-stream.ts";

export type BodyPiece =
  /** A JSON value of the answer, or the text `[DONE]`. */
  | { readonly type: "value"; readonly value: unknown }
  /** What came is no answer of a model. */
  | { readonly type: "garbled"; readonly reason: string }
  /** The connection failed, or its signal aborted. */
  | { readonly type: "cut"; readonly error: unknown };

/** Far above any answer: what a server may make us keep that does not stream. */
const longestBody = 32 * 1024 * 1024;

/** The same for one that streams, which wraps each word in a few hundred bytes. A model that repeats itself for ever ends here. */
const longestStream = 128 * 1024 * 1024;

/**
 * Reads an answer, streamed or whole. Ends without a word where the body ends; never throws. A reader that leaves
 * cancels the request.
 */
export async function* readBody(response: Response, onBytes: () => void): AsyncGenerator<BodyPiece> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("event-stream")) {
    yield* readWholeBody(response, type, onBytes);
    return;
  }
  const stream = new EventStream();
  let length = 0;
  for await (const bytes of readBytes(response)) {
    if (bytes instanceof Failure) {
      yield { type: "cut", error: bytes.error };
      return;
    }
    onBytes();
    length += bytes.length;
    if (length > longestStream) {
      yield { type: "garbled", reason: "it has no end" };
      return;
    }
    try {
      yield* stream.push(bytes).map(toPiece);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      yield { type: "garbled", reason: error.message };
      return;
    }
  }
  yield* stream.end().map(toPiece);
}

/** The text of a short body, for an error. What cannot be read is left out. */
export async function readText(response: Response, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const bytes of readBytes(response)) {
    if (bytes instanceof Failure) break;
    text += decoder.decode(bytes, { stream: true });
    length += bytes.length;
    if (length > mostBytes) break;
  }
  return text;
}

class Failure {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

async function* readBytes(response: Response): AsyncGenerator<Uint8Array | Failure> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const chunk = await reader.read().catch((error: unknown) => new Failure(error));
      if (chunk instanceof Failure) yield chunk;
      if (chunk instanceof Failure || chunk.done) return;
      yield chunk.value;
    }
  } finally {
    // Nobody waits for it: the connection may already be gone, and then there is nothing to cancel.
    reader.cancel().catch(() => {});
  }
}

/** Some servers ignore `stream: true`, and some stream without saying so in the type. */
async function* readWholeBody(
  response: Response,
  type: string,
  onBytes: () => void,
): AsyncGenerator<BodyPiece> {
  const stream = new EventStream();
  const decoder = new TextDecoder();
  const events: string[] = [];
  let text = "";
  for await (const bytes of readBytes(response)) {
    if (bytes instanceof Failure) {
      yield { type: "cut", error: bytes.error };
      return;
    }
    onBytes();
    text += decoder.decode(bytes, { stream: true });
    events.push(...stream.push(bytes));
    if (text.length > longestBody) {
      yield { type: "garbled", reason: "the answer is too long" };
      return;
    }
  }
  events.push(...stream.end());
  const start = text.trimStart();
  if (start.startsWith("{")) yield toPiece(text);
  else if (events.length > 0) yield* events.map(toPiece);
  else if (start !== "") yield { type: "garbled", reason: `${type || "something"} came instead` };
}

function toPiece(text: string): BodyPiece {
  const trimmed = text.trim();
  if (trimmed === "[DONE]") return { type: "value", value: trimmed };
  try {
    return { type: "value", value: JSON.parse(trimmed) };
  } catch {
    return { type: "garbled", reason: "it holds broken JSON" };
  }
}
