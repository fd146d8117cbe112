import type { MessageId } from "../store/ids.ts";
import type { Message } from "../store/messages.ts";

/** The newest that came before, in the order they came. */
export type ReadOlder = (before: MessageId | undefined, limit: number) => Promise<readonly Message[]>;

export interface Room {
  readonly tokens: number;
  /** So much more is taken when it is all there is. */
  readonly slack: number;
  /** Of each text; the rest is said to be left out. */
  readonly longest: number;
}

const pageSize = 50;
/** Who wrote it, where and when. */
const frameTokens = 30;

/** As many of the newest as there is room for, in the order they came; read in pages, however many there are. */
export async function takeNewest(
  read: ReadOlder,
  before: MessageId | undefined,
  { tokens, slack, longest }: Room,
): Promise<readonly Message[]> {
  const taken: Message[] = [];
  let spent = 0;
  let fitting = 0;
  let oldest = before;
  for (;;) {
    const page = await read(oldest, pageSize);
    for (const message of page.toReversed()) {
      const clipped = { ...message, body: { text: clip(message.body.text, longest) } };
      spent += countTokens(clipped.body.text) + frameTokens;
      if (spent > tokens + slack) return taken.slice(0, fitting).toReversed();
      taken.push(clipped);
      if (spent <= tokens) fitting = taken.length;
    }
    oldest = page[0]?.id;
    if (page.length < pageSize) return taken.toReversed();
  }
}

function clip(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "");
  return `${head}\n[${text.length - head.length} characters left out]`;
}

/** About as many as a model counts: four letters of an alphabet, or one sign of a script that has thousands. */
function countTokens(text: string): number {
  const signs = text.match(/[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2E80-\uFFFF]/g)?.length ?? 0;
  return Math.ceil(signs + (text.length - signs) / 4);
}
