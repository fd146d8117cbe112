import type { AgentEvent, Emit, TurnError } from "../agent/events.ts";
import type { LoopLimits } from "../agent/limits.ts";
import { runLoop, type LoopEnd } from "../agent/loop.ts";
import { toTranscript } from "../agent/transcript.ts";
import { createAgentActor } from "../authority/actor.ts";
import type { Authority } from "../authority/decision.ts";
import { clean, parseTaintBits, toTaintBits, type Taint } from "../authority/taint.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import type { Log } from "../log.ts";
import { noUsage, type Provider } from "../providers/provider.ts";
import type { ToolSandbox } from "../sandbox/sandbox.ts";
import type { Transaction } from "../store/database.ts";
import { appendEntries, type NewEntry } from "../store/entries.ts";
import { addGroupTaint, getGroup } from "../store/groups.ts";
import { appendJournal } from "../store/journal.ts";
import { checkLease, releaseLease } from "../store/leases.ts";
import type { Store } from "../store/store.ts";
import { finishTurn } from "../store/turns.ts";
import { addUsageRow } from "../store/usage.ts";
import { waitForLease } from "../store/wait-for-lease.ts";
import { guardTools } from "../snapshots/guard-tools.ts";
import type { KeepFiles } from "../snapshots/turn-snapshots.ts";
import { createToolRunner } from "../tools/registry.ts";
import { beginTurn, type BegunTurn, type TurnInput, type TurnSetting } from "./begin-turn.ts";
import type { TurnEnd } from "./conversation.ts";
import { Journal } from "./journal.ts";
import type { SessionTools } from "./session-tools.ts";
import { TurnTaint } from "./turn-taint.ts";

export interface TurnOptions extends TurnSetting {
  readonly store: Store;
  readonly authority: Authority;
  readonly provider: Provider;
  readonly limits: LoopLimits;
  readonly maxTokens: number;
  readonly temperature?: number;
  /** The session's tools; the same ones as long as the session is the same. */
  readonly toolsFor: (session: BegunTurn["session"]) => Promise<SessionTools>;
  readonly keepFiles: KeepFiles;
  readonly log: Log;
}

/**
 * One run of the agent: from the person's words on disk to the answer on disk. Never rejects: what went wrong is in the
 * last event, and what was said and done until then is kept.
 */
export async function runTurn(
  input: TurnInput,
  options: TurnOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<TurnEnd> {
  let end: TurnEnd;
  try {
    const begun = await waitForTurn(input, options, emit, signal);
    end = await runBegunTurn(begun, options, emit, signal);
  } catch (error) {
    end = toFailedEnd(error, options.log);
  }
  await emit(end);
  return end;
}

/** A group has one turn at a time; another process's is waited for. */
async function waitForTurn(
  input: TurnInput,
  options: TurnOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<BegunTurn> {
  for (;;) {
    signal.throwIfAborted();
    const begun = await options.store.database.transaction((tx) => beginTurn(tx, input, options));
    if (begun.type === "begun") return begun;
    if (begun.type === "refused") throw new AppError("denied", `Not started: ${begun.reason}`);
    await emit({ type: "notice", text: `Process ${begun.pid} is at work in this group. Waiting for it.` });
    await waitForLease(options.store, options.group.id, { clock: options.clock }, signal);
  }
}

async function runBegunTurn(
  begun: BegunTurn,
  options: TurnOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const { provider, clock, limits, model, maxTokens, temperature, group } = options;
  const taint = new TurnTaint(begun.taint);
  const journal = new Journal(options.store.database, (tx, event) =>
    writeEvent(tx, event, begun, options, taint),
  );
  async function record(event: AgentEvent): Promise<void> {
    await journal.record(event);
    await emit(event);
  }
  let end: TurnEnd;
  try {
    const session = begun.session.name ?? String(begun.session.id);
    await record({ type: "turn-start", turn: String(begun.turn), group: group.name, session, model });
    const tools = await createTools(begun, options, taint, record);
    const loopEnd = await runLoop(
      toTranscript(begun.messages),
      {
        provider,
        tools,
        limits,
        clock,
        model,
        system: begun.system,
        maxTokens,
        ...(temperature === undefined ? {} : { temperature }),
      },
      record,
      signal,
    );
    end = toTurnEnd(loopEnd);
  } catch (error) {
    end = toFailedEnd(error, options.log);
  }
  await journal.record(end);
  try {
    await journal.commit((tx) => finish(tx, end, begun, options, taint));
    return end;
  } catch (error) {
    // What was said stays said, though it is not on disk.
    const { text, usage } = end;
    return { ...toFailedEnd(error, options.log), text, usage };
  }
}

async function createTools(
  begun: BegunTurn,
  options: TurnOptions,
  taint: TurnTaint,
  record: (event: AgentEvent) => Promise<void>,
) {
  const { authority, group, actor, log } = options;
  const { turn, epoch } = begun;
  const session = await options.toolsFor(begun.session);
  const notice = (text: string): Promise<void> => record({ type: "notice", text });
  return createToolRunner({
    // So that whatever a turn does to the files can be undone.
    tools: guardTools(session.tools, async ({ signal }) =>
      options.keepFiles({ turn, epoch, sandbox: await session.sandbox(), notice }, signal),
    ),
    authority,
    actor: createAgentActor(actor, group.name),
    group: group.name,
    taint: () => taint.current,
    sandbox: () => enterSandbox(session, options, taint),
    log,
  });
}

/** What a turn can reach with a spawn taints it, and what the turn has seen stays in the folder it can write. */
async function enterSandbox(
  session: SessionTools,
  { group, paths, store }: TurnOptions,
  taint: TurnTaint,
): Promise<ToolSandbox> {
  const sandbox = await session.sandbox();
  // What lies in a folder that the owner shares was written by anybody.
  const shared: Taint = paths.mounts.length > 0 ? { ...clean, sawUntrusted: true } : clean;
  const { taint: folder } = await getGroup(store.database, group.name);
  taint.add(shared);
  taint.add(parseTaintBits(folder));
  const bits = toTaintBits(taint.current);
  if ((bits & ~folder) !== 0) await store.database.transaction((tx) => addGroupTaint(tx, group.id, bits));
  return sandbox;
}

async function writeEvent(
  tx: Transaction,
  event: AgentEvent,
  { turn, epoch, session }: BegunTurn,
  { clock, group, provider, model }: TurnOptions,
  taint: TurnTaint,
): Promise<void> {
  await checkLease(tx, group.id, epoch);
  const now = clock.now();
  const bits = toTaintBits(taint.current);
  await appendJournal(tx, turn, [event], now);
  if (event.type === "message-end") {
    await addUsageRow(tx, { turn, provider: provider.name, model, usage: event.usage, now });
  }
  const entry = toEntry(event);
  if (entry === undefined) return;
  await appendEntries(tx, [{ ...entry, taint: bits }], { session: session.id, turn, now });
}

function toEntry(event: AgentEvent): Omit<NewEntry, "taint"> | undefined {
  switch (event.type) {
    case "message-end":
      return { kind: "assistant", message: event.message };
    case "message-join":
      return { kind: "user", message: event.message };
    case "tool-end":
      return { kind: "tool", message: event.message };
    default:
      return undefined;
  }
}

async function finish(
  tx: Transaction,
  end: TurnEnd,
  begun: BegunTurn,
  { clock, group }: TurnOptions,
  taint: TurnTaint,
): Promise<void> {
  await finishTurn(tx, begun.turn, {
    state: end.reason,
    text: end.text,
    ...(end.error === undefined ? {} : { reason: end.error.message }),
    taint: toTaintBits(taint.current),
    now: clock.now(),
  });
  await releaseLease(tx, group.id, begun.epoch);
}

function toTurnEnd({ reason, text, usage, error }: LoopEnd): TurnEnd {
  return { type: "turn-end", reason, text, usage, ...(error === undefined ? {} : { error }) };
}

function toFailedEnd(error: unknown, log: Log): TurnEnd {
  const end = { type: "turn-end", text: "", usage: noUsage } as const;
  if (isCancelled(error)) return { ...end, reason: "aborted" };
  return { ...end, reason: "error", error: toTurnError(error, log) };
}

function toTurnError(error: unknown, log: Log): TurnError {
  const code = error instanceof AppError ? error.code : "bug";
  if (code === "bug") log.error("a turn failed in a way nobody foresaw", { error });
  return { code, ...explain(error) };
}
