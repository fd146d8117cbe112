/** One scripted answer of the fake model server. Plain data, so that a script can be a JSON file. */
export interface Turn {
  readonly thinking?: string;
  readonly text?: string;
  readonly calls?: readonly TurnCall[];
  /** `end` or `tool-calls` by what is said; the others as given. */
  readonly stop?: "length" | "refused";
  readonly usage?: TurnUsage | null;
  /** Characters in one delta; 12 by default. */
  readonly deltaSize?: number;
  /** Waits before each delta. */
  readonly delayMs?: number;
  /** Bytes in one piece of the body; all at once by default. */
  readonly chunkBytes?: number;
  readonly fault?: Fault;
}

export interface TurnCall {
  readonly id?: string;
  readonly name: string;
  /** A text is sent as it is, also when it is no JSON. */
  readonly arguments?: unknown;
}

export interface TurnUsage {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly cacheRead?: unknown;
  readonly cacheWrite?: unknown;
}

export type Fault =
  /** An HTTP error; its body is that of the wire unless `body` is given. */
  | {
      readonly type: "status";
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection ends after that many bytes of the body; `cleanly` as if the answer were over. */
  | { readonly type: "cut"; readonly afterBytes: number; readonly cleanly?: boolean }
  /** Nothing more comes: before the head, or after that many bytes of the body. */
  | { readonly type: "silence"; readonly afterBytes?: number }
  /** An error inside a 200 stream, after that many events. */
  | {
      readonly type: "error-event";
      readonly code: string;
      readonly afterEvents?: number;
      readonly message?: string;
    }
  /** One event is no JSON. */
  | { readonly type: "malformed" }
  /** Tool calls as Ollama sends them: whole, without `index`; or Gemini: all with index 0; or without `id`. */
  | { readonly type: "loose-calls"; readonly as: "no-index" | "same-index" | "no-id" }
  /** The answer is one JSON value, though a stream was asked for. */
  | { readonly type: "not-streamed" }
  /** Line ends, comments and pings that are allowed but rare. */
  | { readonly type: "odd-framing" };

/** What stands in a script file. */
export interface ScriptFile {
  readonly turns: readonly Turn[];
  /** Begin again at the end, instead of saying that it is over. */
  readonly repeat?: boolean;
}

/** Text in pieces of `size` code units, which may split a surrogate pair as little as a real server does. */
export function toPieces(text: string, size: number): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(""));
  return pieces;
}

export function toCallText(call: TurnCall): string {
  const given = call.arguments ?? {};
  return typeof given === "string" ? given : JSON.stringify(given);
}
