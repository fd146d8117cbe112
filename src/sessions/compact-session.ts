import { createSummaryMessage, summarise } from "../agent/compact.ts";
import { toTranscript } from "../agent/transcript.ts";
import { AppError, isCancelled } from "../errors.ts";
import { addUsage, noUsage, type Provider, type ToolDefinition, type Usage } from "../providers/provider.ts";
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
}

export interface Compaction {
  /** Entries that the summary now stands for. */
  readonly entries: number;
  readonly summary: string;
  readonly usage: Usage;
}

/** Turns at the end that stay as they are. */
const keptTurns = 2;

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
  const old = selectOld(visible);
  const last = old.at(-1);
  if (last === undefined) throw new AppError("usage", promptWords.nothingToShorten());
  const taint = old.reduce((bits, entry) => bits | entry.taint, 0);
  const begun = await begin(place, options, taint);
  let usage = noUsage;
  try {
    const messages = toTranscript(old.map(({ message }) => message));
    const summary = await summarise({ ...options, system: session.prefix?.text ?? "", messages }, signal);
    usage = addUsage(usage, summary.usage);
    signal.throwIfAborted();
    await place.store.database.transaction(async (tx) => {
      await checkLease(tx, place.group.id, begun.epoch);
      const now = place.clock.now();
      const message = createSummaryMessage(summary.text);
      const entry = { kind: "summary", message, taint, covers: last.sequence } as const;
      await appendEntries(tx, [entry], { session: session.id, turn: begun.turn, now });
      // The instructions are read anew: the cache is cold either way.
      await clearSessionPrefix(tx, session.id);
      await addUsageRow(tx, { turn: begun.turn, provider: provider.name, model, usage, now });
      await finishTurn(tx, begun.turn, { state: "done", text: summary.text, taint, now });
      await releaseLease(tx, place.group.id, begun.epoch);
    });
    return { entries: old.length, summary: summary.text, usage };
  } catch (error) {
    await abandon(place, begun, error, taint);
    throw error;
  }
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
function selectOld(visible: readonly Entry[]): readonly Entry[] {
  const turns = [
    ...new Set(visible.flatMap(({ turn, kind }) => (turn === undefined || kind === "summary" ? [] : [turn]))),
  ];
  // Of a short conversation one turn stays; a single one is shortened by nobody.
  const kept = turns.slice(-Math.min(keptTurns, Math.max(1, turns.length - 1)));
  const first = visible.findIndex(({ turn, kind }) => turn === kept[0] && kind !== "summary");
  const old = first === -1 ? [] : visible.slice(0, first);
  return old.some(({ kind }) => kind !== "summary") ? old : [];
}
