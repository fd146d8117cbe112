import { goOn } from "../../src/turns/begin-turn.ts";
import type { LlmRequest } from "./llm-server.ts";
import { readTranscript } from "./llm-transcript.ts";
import type { Turn } from "./llm-turn.ts";

/** Something that a person could read in a chat; the same key again is a copy of the same reply. */
export interface Delivered {
  readonly chat: string;
  readonly key: string;
  readonly text: string;
}

export interface Verdict {
  readonly accepted: number;
  readonly answeredOnce: number;
  /** Accepted, and neither answered nor told as set aside. */
  readonly lost: readonly string[];
  /** Answered in two different replies. */
  readonly duplicates: readonly string[];
  /** Copies of one reply beyond the first. */
  readonly extraCopies: number;
  readonly orderViolations: readonly string[];
  /** Told as set aside: the program ended three times while it was at work on it. */
  readonly setAside: number;
}

const marker = /\bm\d+x\d+\b/g;

/** The mark of the `n`th message of a chat. */
export function toMark(chat: number, n: number): string {
  return `m${chat}x${n}`;
}

/** A model that answers with the marks of all that was said since its last answer: who reads it knows what was answered. */
export function answerMarks(request: LlmRequest): Turn {
  const said = readTranscript(request).flatMap((item) =>
    item.type === "user" || item.type === "assistant" ? [{ role: item.type, text: item.text }] : [],
  );
  return { text: answerTexts(said) };
}

/** What that model says to a conversation. */
export function answerTexts(
  said: readonly { readonly role: "user" | "assistant"; readonly text: string }[],
): string {
  let before: string[] = [];
  let open: string[] = [];
  for (const { role, text } of said) {
    if (role === "assistant") {
      before = open;
      open = [];
      continue;
    }
    // What was said before an answer that reached nobody is still to be answered.
    if (text.startsWith(goOn)) open = [...before, ...open];
    open.push(text);
  }
  const marks = open.flatMap((text) => text.match(marker) ?? []);
  return `re: ${[...new Set(marks)].join(" ")}`;
}

/** What the platform was given, and what it showed: nothing else is looked at. */
export function judge(
  accepted: ReadonlyMap<string, readonly string[]>,
  shown: readonly Delivered[],
): Verdict {
  const keysOf = new Map<string, Set<string>>();
  const copies = new Map<string, number>();
  const orderViolations: string[] = [];
  const lastOf = new Map<string, number>();
  let setAside = 0;
  for (const { chat, key, text } of shown) {
    const count = (copies.get(`${chat} ${key}`) ?? 0) + 1;
    copies.set(`${chat} ${key}`, count);
    if (count > 1) continue;
    if (text.includes("set your message aside")) setAside++;
    if (!text.startsWith("re:")) continue;
    for (const mark of text.match(marker) ?? []) {
      const keys = keysOf.get(mark) ?? new Set();
      const isFirst = keys.size === 0;
      keysOf.set(mark, keys.add(key));
      const n = Number(mark.slice(mark.indexOf("x") + 1));
      if (isFirst && n < (lastOf.get(chat) ?? -1))
        orderViolations.push(`${chat}: ${mark} after ${lastOf.get(chat)}`);
      if (isFirst) lastOf.set(chat, Math.max(n, lastOf.get(chat) ?? -1));
    }
  }
  const marks = [...accepted.values()].flat();
  return {
    accepted: marks.length,
    answeredOnce: marks.filter((mark) => keysOf.get(mark)?.size === 1).length,
    lost: marks.filter((mark) => !keysOf.has(mark)),
    duplicates: marks.filter((mark) => (keysOf.get(mark)?.size ?? 0) > 1),
    extraCopies: [...copies.values()].reduce((sum, count) => sum + count - 1, 0),
    orderViolations,
    setAside,
  };
}
