import { AppError, type ErrorCode } from "../../errors.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { readAtMost } from "./read-at-most.ts";
import { isPdf, type Fetched, type Page } from "./read-page.ts";
import { readPdf } from "./read-pdf.ts";

/** A sandbox that holds nothing but the program that decodes, and how that is started there. */
export interface Decoder {
  readonly sandbox: Sandbox;
  readonly argv: readonly string[];
}

const mostBytes = 30_000_000;
const patienceMs = 30_000;

/**
 * What came, as words, made of it where nothing else is: whoever wrote it may have meant harm to what reads it. Throws
 * `AppError`: what it is instead, or that it took too much.
 */
export async function decodeApart(
  fetched: Fetched,
  openDecoder: () => Promise<Decoder>,
  signal: AbortSignal,
): Promise<Page> {
  const { sandbox, argv } = await openDecoder();
  await using _ = sandbox;
  if (isPdf(fetched)) {
    return { kind: "document", text: await readPdf(fetched.bytes, sandbox, signal), links: [] };
  }
  const child = await sandbox.spawn(argv, { stdin: toInput(fetched), signal, timeoutMs: patienceMs });
  const output = await readAtMost(child.stdout, mostBytes, `The text of ${fetched.url}`, signal);
  const exit = await child.exited;
  signal.throwIfAborted();
  if (exit.type === "timed-out") {
    throw new AppError("timeout", `${fetched.url} could not be read within ${patienceMs / 1000} seconds.`);
  }
  return parseAnswer(new TextDecoder().decode(output), fetched.url);
}

/** One line of what is known about it, then its bytes. */
function toInput({ url, contentType, bytes }: Fetched): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ url, contentType })}\n`), bytes]);
}

/** What the decoder is sent. */
export function parseInput(input: Uint8Array): Fetched {
  const end = input.indexOf(10);
  const head: unknown = JSON.parse(new TextDecoder().decode(input.subarray(0, end)));
  return {
    url: textOf(head, "url") ?? "",
    contentType: textOf(head, "contentType") ?? "",
    bytes: input.subarray(end + 1),
  };
}

const kinds = ["page", "feed", "data", "text", "document"] as const;
const codes = ["usage", "too-long", "network"] as const satisfies readonly ErrorCode[];

/** Of one whom what it read may have taken over: it is words and links, or a sentence, whatever it says. */
function parseAnswer(text: string, url: string): Page {
  const answer = parseJson(text);
  const kind = kinds.find((each) => each === textOf(answer, "kind"));
  if (kind !== undefined) {
    return {
      kind,
      title: textOf(answer, "title"),
      date: textOf(answer, "date"),
      text: textOf(answer, "text") ?? "",
      links: linksOf(answer),
    };
  }
  const code = codes.find((each) => each === textOf(answer, "code"));
  if (code !== undefined) throw new AppError(code, textOf(answer, "message") ?? `${url} holds no text.`);
  throw new AppError("usage", `${url} cannot be read: what decodes it failed on it.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown, name: string): string | undefined {
  const found: unknown =
    typeof value === "object" && value !== null
      ? Object.getOwnPropertyDescriptor(value, name)?.value
      : undefined;
  return typeof found === "string" ? found : undefined;
}

function linksOf(value: unknown): readonly string[] {
  const found: unknown =
    typeof value === "object" && value !== null
      ? Object.getOwnPropertyDescriptor(value, "links")?.value
      : undefined;
  return Array.isArray(found) ? found.filter((link) => typeof link === "string") : [];
}
