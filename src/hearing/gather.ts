import { toMarkedBlock } from "../agent/material.ts";
import type { Clock } from "../clock.ts";
import type { Usage } from "../providers/provider.ts";
import type { Database, Transaction } from "../store/database.ts";
import type { GroupId, MessageId, TurnId } from "../store/ids.ts";
import { appendJournal } from "../store/journal.ts";
import type { Message } from "../store/messages.ts";
import { countOverheard, listOverheard, takeOverheard } from "../store/overheard.ts";
import { addUsageRow } from "../store/usage.ts";
import { takeNewest, type Room } from "./take-newest.ts";
import { describeCount } from "./digest.ts";
import { toPlainLines } from "./plain-lines.ts";

/** What was said since the last turn and not to the assistant: the newest of it in full, all before it in a few words. */
export interface Overheard {
  readonly recent: readonly Message[];
  /** Ready for the model, marked as material. */
  readonly earlier?: string;
  /** Of all of it, as bits. */
  readonly taint: number;
  /** The newest: all up to it goes along. */
  readonly last?: MessageId;
  readonly summary?: SummedUp;
}

export interface SummedUp {
  readonly text: string;
  readonly usage: Usage;
  readonly provider: string;
  readonly model: string;
}

/** Undefined where no model can be asked. Throws for what a model, the network or `signal` does. */
export type SumUp = (text: string, signal: AbortSignal) => Promise<SummedUp | undefined>;

export interface GatherOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly sumUp: SumUp;
}

/** What the newest may take of the prompt; a little more is no reason to ask a model. */
const recentRoom: Room = { tokens: 4_000, slack: 500, longest: 3_000 };
/** What a model is shown of what is older. */
const summedRoom: Room = { tokens: 20_000, slack: 0, longest: 600 };
/** So long a turn waits for the summary. */
const patienceMs = 5_000;

export async function gatherOverheard(
  group: GroupId,
  options: GatherOptions,
  signal: AbortSignal,
): Promise<Overheard> {
  const { database } = options;
  const read = async (before: MessageId | undefined, limit: number): Promise<readonly Message[]> =>
    await listOverheard(database, group, { limit, ...(before === undefined ? {} : { before }) });
  const recent = await takeNewest(read, undefined, recentRoom);
  const [oldest, last] = [recent[0], recent.at(-1)];
  if (oldest === undefined || last === undefined) return { recent, taint: 0 };
  const taint = recent.reduce((bits, message) => bits | message.taint, 0);
  const before = await countOverheard(database, group, { before: oldest.id });
  if (before === undefined) return { recent, taint, last: last.id };
  const older = await takeNewest(read, oldest.id, summedRoom);
  const summary = await trySumUp(await toPlainLines(database, older), options, signal);
  const counted = await describeCount(database, before);
  const text =
    summary === undefined
      ? counted
      : [counted, describeShare(older.length, before.messages), summary.text].join("\n");
  const earlier = [
    "Before what was said last, not to you, there was more than fits here:",
    toMarkedBlock({ name: "earlier messages", text }),
  ].join("\n");
  return {
    recent,
    earlier,
    taint: taint | before.taint,
    last: last.id,
    ...(summary === undefined ? {} : { summary }),
  };
}

/** With the turn that it goes along with: from now on it is that turn's, and the summary stands in its journal. */
export async function recordOverheard(
  tx: Transaction,
  { last, summary }: Overheard,
  { group, turn, now }: { readonly group: GroupId; readonly turn: TurnId; readonly now: number },
): Promise<void> {
  if (last === undefined) return;
  await takeOverheard(tx, group, last, turn);
  if (summary === undefined) return;
  const { text, usage, provider, model } = summary;
  const event = { type: "notice", text: `What was said before, summed up: ${text}` } as const;
  await appendJournal(tx, turn, [event], now);
  await addUsageRow(tx, { turn, provider, model, usage, now });
}

/** A model that is away, slow or dear must not keep a person waiting: then what there is is counted. */
async function trySumUp(
  lines: string,
  { clock, sumUp }: GatherOptions,
  signal: AbortSignal,
): Promise<SummedUp | undefined> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(patienceMs, until).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([sumUp(lines, until), late]);
  } catch {
    return undefined;
  } finally {
    over.abort();
  }
}

function describeShare(shown: number, all: number): string {
  return shown === all ? "A model's summary of them:" : `A model's summary of the last ${shown} of them:`;
}
