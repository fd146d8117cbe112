import { createSummaryMessage, summarise, type Summary } from "../agent/compact.ts";
import { toTranscript } from "../agent/transcript.ts";
import { AppError, isCancelled } from "../errors.ts";
import { type Provider, type ToolDefinition, type Usage } from "../providers/provider.ts";
import type { Transaction } from "../store/database.ts";
import { appendEntries, listVisibleEntries, type Entry } from "../store/entries.ts";
import { isProcessAlive, type Holder } from "../store/holder.ts";
import type { TurnId } from "../store/ids.ts";
import { checkLease, releaseLease, takeLease } from "../store/leases.ts";
import { clearSessionPrefix, type Session } from "../store/sessions.ts";
import { beginTurn, finishTurn } from "../store/turns.ts";
import { addUsageRow } from "../store/usage.ts";
import { promptWords } from "../words/english/prompt.ts";
import { withRight, type SessionPlace } from "./session-place.ts";

export interface CompactOptions {
  readonly session: Session;
  readonly holder: Holder;
  readonly provider: Provider;
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly tools: readonly ToolDefinition[];
  /** What the person wants kept above all; may be empty. */
  readonly keep: string;
  /** Where a session is summed up by itself, in tokens: what stays is a part of it at most. */
  readonly shortenAt?: number;
  /** Written with the summary, in its transaction. */
  readonly record?: (tx: Transaction, done: Pick<Compaction, "entries">) => Promise<void>;
}

export interface Compaction {
  /** Entries that the summary now stands for. */
  readonly entries: number;
  readonly summary: string;
  readonly usage: Usage;
}

/** Turns at the end that stay as they are, if they are not long themselves. */
const keptTurns = 2;
/** In characters; of a small window as many as a third of its tokens hold. */
const longestKept = 100_000;

/**
 * Lets the model sum up a session behind its last turns: from then on the transcript begins with the summary. It is a
 * turn of its own, under the group's lease. When it fails nothing changes; throws `AppError`.
 */
export async function compactSession(
  place: SessionPlace,
  options: CompactOptions,
  signal: AbortSignal,
): Promise<Compaction> {
  const { session, model, provider } = options;
  await withRight(place, "session.compact", session.name ?? `#${session.id}`, async () => {});
  const visible = await listVisibleEntries(place.store.database, session.id);
  const whole = selectOld(visible, Math.min(longestKept, options.shortenAt ?? longestKept));
  if (whole.length === 0) throw new AppError("usage", promptWords.nothingToShorten());
  const taint = whole.reduce((bits, entry) => bits | entry.taint, 0);
  const begun = await begin(place, options, taint);
  try {
    const { old, summary } = await summariseWhatFits(whole, options, signal);
    const last = old.at(-1) ?? whole[0];
    const { usage } = summary;
    signal.throwIfAborted();
    await place.store.database.transaction(async (tx) => {
      await checkLease(tx, place.group.id, begun.epoch);
      const now = place.clock.now();
      const message = createSummaryMessage(summary.text);
      const entry = { kind: "summary", message, taint, covers: last?.sequence ?? 0 } as const;
      await appendEntries(tx, [entry], { session: session.id, turn: begun.turn, now });
      // The instructions are read anew: the cache is cold either way.
      await clearSessionPrefix(tx, session.id);
      await addUsageRow(tx, { turn: begun.turn, provider: provider.name, model, usage, now });
      await finishTurn(tx, begun.turn, { state: "done", text: summary.text, taint, now });
      await releaseLease(tx, place.group.id, begun.epoch);
      await options.record?.(tx, { entries: old.length });
    });
    return { entries: old.length, summary: summary.text, usage };
  } catch (error) {
    await abandon(place, begun, error, taint);
    throw error;
  }
}

/** Of what the model cannot read at once, the older half, and half of that: a part that is summed up makes room too. */
async function summariseWhatFits(
  whole: readonly Entry[],
  options: CompactOptions,
  signal: AbortSignal,
): Promise<{ readonly old: readonly Entry[]; readonly summary: Summary }> {
  const system = options.session.prefix?.text ?? "";
  for (let old = whole; ;) {
    try {
      const messages = toTranscript(old.map(({ message }) => message));
      return { old, summary: await summarise({ ...options, system, messages }, signal) };
    } catch (error) {
      const half = toOlderHalf(old);
      if (!(error instanceof AppError) || error.code !== "too-long" || half.length === 0) throw error;
      old = half;
    }
  }
}

/** Cut between two turns, behind a summary that it may begin with. */
function toOlderHalf(entries: readonly Entry[]): readonly Entry[] {
  const turns = toTurns(entries);
  const cut = turns[Math.ceil(turns.length / 2)];
  return cut === undefined ? [] : entries.slice(0, findStart(entries, cut));
}

interface Begun {
  readonly turn: TurnId;
  readonly epoch: number;
}

async function begin(
  place: SessionPlace,
  { session, holder, model }: CompactOptions,
  taint: number,
): Promise<Begun> {
  const begun = await place.store.database.transaction(async (tx) => {
    const now = place.clock.now();
    const lease = await takeLease(tx, place.group.id, holder, { now, isAlive: isProcessAlive });
    if (lease.type === "held") return lease;
    const turn = { group: place.group.id, session: session.id, epoch: lease.epoch, model, taint, now };
    return { type: "begun", turn: await beginTurn(tx, turn), epoch: lease.epoch } as const;
  });
  if (begun.type === "begun") return begun;
  throw new AppError("conflict", promptWords.atWork({ pid: begun.pid }));
}

async function abandon(
  { store, clock, group }: SessionPlace,
  { turn, epoch }: Begun,
  error: unknown,
  taint: number,
): Promise<void> {
  const reason = error instanceof Error ? error.message : "";
  const state = isCancelled(error) ? "aborted" : "error";
  await store.database.transaction(async (tx) => {
    await finishTurn(tx, turn, { state, text: "", reason, taint, now: clock.now() });
    await releaseLease(tx, group.id, epoch);
  });
}

/** All but the last turns, cut between two turns, so that no tool call is parted from its result. */
function selectOld(visible: readonly Entry[], longest: number): readonly Entry[] {
  const turns = toTurns(visible);
  // Of a short conversation one turn stays; a single one is shortened by nobody.
  const most = turns.slice(-Math.min(keptTurns, Math.max(1, turns.length - 1)));
  const isLong = most.length > 1 && measure(visible, most) > longest;
  const kept = isLong ? most.slice(-1) : most;
  const first = findStart(visible, kept[0]);
  const old = first === -1 ? [] : visible.slice(0, first);
  return old.some(({ kind }) => kind !== "summary") ? old : [];
}

function toTurns(entries: readonly Entry[]): readonly TurnId[] {
  const own = entries.filter(({ kind }) => kind !== "summary");
  return [...new Set(own.flatMap(({ turn }) => (turn === undefined ? [] : [turn])))];
}

function findStart(entries: readonly Entry[], turn: TurnId | undefined): number {
  return entries.findIndex((entry) => entry.turn === turn && entry.kind !== "summary");
}

/** Characters, about; pictures are not sent again from a summary. */
function measure(visible: readonly Entry[], turns: readonly TurnId[]): number {
  const entries = visible.filter(({ turn }) => turn !== undefined && turns.includes(turn));
  return entries.reduce((sum, { message }) => sum + toLength(message), 0);
}

function toLength(message: Entry["message"]): number {
  if (message.role === "tool") return message.content.length;
  return message.content.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : 500), 0);
}
