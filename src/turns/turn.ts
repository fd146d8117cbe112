import { mark } from "../trace.ts";
import type { AgentEvent, Emit, TurnError } from "../agent/events.ts";
import type { LoopLimits } from "../agent/limits.ts";
import { runLoop, type JoiningMessage, type LoopEnd } from "../agent/loop.ts";
import { toTranscript } from "../agent/transcript.ts";
import { createUserMessage } from "../agent/context.ts";
import { createAgentActor } from "../authority/actor.ts";
import { clean, toTaintBits } from "../authority/taint.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import type { Log } from "../log.ts";
import { noUsage, toText, type Provider } from "../providers/provider.ts";
import type { Thinking } from "../providers/thinking.ts";
import type { KeepFiles } from "../snapshots/turn-snapshots.ts";
import type { Transaction } from "../store/database.ts";
import { appendEntries, type NewEntry } from "../store/entries.ts";
import { appendJournal } from "../store/journal.ts";
import { listRepliesOfTurn } from "../store/replies.ts";
import { checkLease, releaseLease } from "../store/leases.ts";
import type { Store } from "../store/store.ts";
import { finishTurn } from "../store/turns.ts";
import { endCarried, endTold, listUntold } from "../store/approvals.ts";
import { addUsageRow } from "../store/usage.ts";
import { waitForLease } from "../store/wait-for-lease.ts";
import type { ToolRunner } from "../tools/tool-runner.ts";
import { beginTurn, type BegunTurn, type TurnInput, type TurnSetting } from "./begin-turn.ts";
import type { PersonMessage, TurnEnd } from "./conversation.ts";
import { Journal } from "./journal.ts";
import { openTools, type ToolPlace } from "./session-tools.ts";
import { TurnTaint } from "./turn-taint.ts";

export interface TurnOptions extends TurnSetting, ToolPlace {
  readonly store: Store;
  readonly provider: Provider;
  readonly limits: LoopLimits;
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly thinking?: Thinking;
  readonly takeJoining?: (signal: AbortSignal) => Promise<readonly PersonMessage[]>;
  /** So that whatever the turn does to the files can be undone. */
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
    mark("turn begun");
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

async function runModel(
  begun: BegunTurn,
  tools: ToolRunner,
  takeNew: () => Promise<readonly JoiningMessage[]>,
  options: TurnOptions,
  record: Emit,
  signal: AbortSignal,
): Promise<LoopEnd> {
  const { provider, clock, limits, model, maxTokens, temperature, thinking } = options;
  return await runLoop(
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
      ...(thinking === undefined ? {} : { thinking }),
      takeJoining: takeNew,
      hasSpoken: async () => (await listRepliesOfTurn(options.store.database, begun.turn)).length > 0,
    },
    record,
    signal,
  );
}

async function runBegunTurn(
  begun: BegunTurn,
  options: TurnOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const { model, group, log, clock } = options;
  const beganAt = clock.monotonic();
  const taint = new TurnTaint(begun.taint);
  const carried = new Set<string>();
  let words = "";
  const journal = new Journal(options.store.database, async (tx, events) => {
    // It answers no call of the model's: what came of it stands in the message that tells of it.
    const isCarried = (event: AgentEvent): boolean =>
      event.type === "tool-end" && carried.has(event.message.callId);
    await writeEvents(tx, events, begun, options, { taint, isEntry: (event) => !isCarried(event) });
  });
  async function record(event: AgentEvent): Promise<void> {
    if (event.type === "message-end") words = toText(event.message);
    if (event.type === "tool-end") {
      const { name, isError } = event.message;
      log.debug("tool call ended", {
        turn: begun.turn,
        tool: name,
        ms: Math.round(event.durationMs),
        isError,
      });
    }
    await journal.record(event);
    await emit(event);
  }
  let end: TurnEnd;
  let isOver = false;
  try {
    const session = begun.session.name ?? String(begun.session.id);
    await record({ type: "turn-start", turn: String(begun.turn), group: group.name, session, model });
    const actor = createAgentActor(options.actor, group.name);
    const notice = (text: string): Promise<void> => record({ type: "notice", text });
    // A job of the turn may go on when nobody listens any more.
    const party = {
      actor: options.actor,
      taint,
      notice: (text: string) => (isOver ? undefined : notice(text)),
      session: begun.session.id,
      turn: begun.turn,
      ownWords: () => begun.ownWords,
      words: () => words,
      asked: (event: AgentEvent) => (isOver ? undefined : record(event)),
      ...(options.record?.chats === undefined ? {} : { chats: options.record.chats }),
      ...(options.record?.task === undefined ? {} : { task: options.record.task }),
    };
    const tools = await openTools(begun.session, actor, options, party, (sandbox, stop) =>
      options.keepFiles({ ...begun, sandbox, notice }, stop),
    );
    mark("tools opened");
    const place = { ...options, ...begun, session: begun.session.id, taint, tools, record, carried };
    const takeDecided = async (): Promise<readonly JoiningMessage[]> => {
      const untold = signal.aborted
        ? []
        : await listUntold(options.store.database, begun.session.id, options.clock.now());
      if (untold.length === 0) return [];
      const { carryOut } = await import("./carry-out.ts");
      return await carryOut(untold, place, signal);
    };
    const first = await takeDecided();
    let known: typeof first | undefined = first;
    const takeNew = async (): Promise<readonly JoiningMessage[]> => {
      const decided = known ?? (await takeDecided());
      known = undefined;
      return [...decided, ...(await takeJoining(options, taint, signal))];
    };
    end =
      begun.isAsked || first.length > 0
        ? toTurnEnd(await runModel(begun, tools, takeNew, options, record, signal))
        : { type: "turn-end", reason: "done", text: "", usage: noUsage };
    mark("answer read");
  } catch (error) {
    end = toFailedEnd(error, options.log);
  }
  isOver = true;
  await journal.record(end);
  const { inputTokens, outputTokens } = end.usage;
  log.info("turn ended", {
    turn: begun.turn,
    group: group.name,
    model,
    reason: end.reason,
    ms: Math.round(clock.monotonic() - beganAt),
    inputTokens,
    outputTokens,
  });
  try {
    await journal.commit((tx) => finish(tx, end, begun, options, taint));
    return end;
  } catch (error) {
    // What was said stays said, though it is not on disk.
    const { text, usage } = end;
    return { ...toFailedEnd(error, options.log), text, usage };
  }
}

/** What was written since the turn began, each with its decision on record before the model sees it. */
async function takeJoining(
  options: TurnOptions,
  taint: TurnTaint,
  signal: AbortSignal,
): Promise<readonly JoiningMessage[]> {
  const { authority, actor, group, clock, timeZone, paths, isHereShared } = options;
  const joining = signal.aborted ? [] : ((await options.takeJoining?.(signal)) ?? []);
  const messages: JoiningMessage[] = [];
  for (const { taint: own = clean, inbox, ...said } of joining) {
    taint.add(own);
    // What a picture shows was made by anybody.
    if ((said.images ?? []).length > 0) taint.add({ ...clean, sawUntrusted: true });
    const object = { group: group.name, name: "running turn" };
    const decision = await authority.decide(actor, "turn.join", object, taint.current);
    if (decision.verdict !== "allow") continue;
    const facts = { now: new Date(clock.now()), timeZone, paths, isHereShared, changed: [] };
    messages.push({ message: createUserMessage(said, facts), ...(inbox === undefined ? {} : { inbox }) });
  }
  return messages;
}

async function writeEvents(
  tx: Transaction,
  events: readonly AgentEvent[],
  { turn, epoch, session }: BegunTurn,
  { clock, group, provider, model, record }: TurnOptions,
  { taint, isEntry }: { readonly taint: TurnTaint; readonly isEntry: (event: AgentEvent) => boolean },
): Promise<void> {
  await checkLease(tx, group.id, epoch);
  const now = clock.now();
  const bits = toTaintBits(taint.current);
  await appendJournal(tx, turn, events, now);
  const entries: NewEntry[] = [];
  for (const event of events) {
    if (event.type === "message-end") {
      await addUsageRow(tx, { turn, provider: provider.name, model, usage: event.usage, now });
    }
    if (event.type === "message-join") {
      if (event.inbox !== undefined) await record?.join(tx, turn, event.inbox);
      for (const id of event.approvals ?? []) await endTold(tx, id);
    }
    const entry = isEntry(event) ? toEntry(event) : undefined;
    if (entry !== undefined) entries.push({ ...entry, taint: bits });
  }
  if (entries.length > 0) await appendEntries(tx, entries, { session: session.id, turn, now });
}

function toEntry(event: AgentEvent): Omit<NewEntry, "taint"> | undefined {
  switch (event.type) {
    case "message-end":
      return { kind: "assistant", message: event.message };
    case "message-join":
      // What became of a request is nobody's words: it is not what a person would ask again.
      return { kind: event.approvals === undefined ? "user" : "notice", message: event.message };
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
  { clock, group, record }: TurnOptions,
  taint: TurnTaint,
): Promise<void> {
  await finishTurn(tx, begun.turn, {
    state: end.reason,
    text: end.text,
    ...(end.error === undefined ? {} : { reason: end.error.message }),
    taint: toTaintBits(taint.current),
    now: clock.now(),
  });
  await endCarried(tx, group.id, begun.turn);
  await record?.end(tx, begun.turn, end);
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
