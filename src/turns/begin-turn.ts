import { createSystemPrompt, createUserMessage, type Instruction } from "../agent/context.ts";
import type { Actor } from "../authority/actor.ts";
import { decideIn } from "../authority/authority.ts";
import { clean, joinTaint, parseTaintBits, toTaintBits, type Taint } from "../authority/taint.ts";
import type { Clock, TimeZone } from "../clock.ts";
import { toBlock } from "../fence.ts";
import type { Message, UserMessage } from "../providers/provider.ts";
import { toGrantVariable } from "../sandbox/proxy-address.ts";
import type { SandboxPaths } from "../sandbox/sandbox.ts";
import type { Transaction } from "../store/database.ts";
import { appendEntries, loadTranscript } from "../store/entries.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import { isProcessAlive, type Holder } from "../store/holder.ts";
import type { ChatId, MessageId, SessionId, TaskId, TurnId } from "../store/ids.ts";
import type { MessageRow } from "../store/messages.ts";
import { listGrants } from "../store/grants.ts";
import { releaseLease, releaseOwnLease, takeLease } from "../store/leases.ts";
import type { TaskCreator } from "../store/tasks.ts";
import {
  ensureCurrentSession,
  ensureNamedSession,
  getSessionById,
  setSessionPrefix,
  type Session,
} from "../store/sessions.ts";
import { beginTurn as insertTurn, findLastTurn, replaceTurn } from "../store/turns.ts";
import type { PersonMessage, TurnEnd } from "./conversation.ts";
import { AppError } from "../errors.ts";
import { groupWords } from "../words/english/group.ts";
import { settleSentCalls } from "./settle-calls.ts";
import { tellUntoldCalls } from "./tell-untold.ts";
import { findChanged, hashInstructions } from "../agent/instructions.ts";

export interface TurnInput extends PersonMessage {
  /** In place of the last turn, which the model no longer sees. */
  readonly replacesLast: boolean;
}

/** What is written together with a turn, in its own transactions: the inbox and the outbox of a gateway. */
export interface TurnRecord {
  /** The chats that are answered, each with the last message that it is answered for. */
  readonly chats?: () => ReadonlyMap<ChatId, MessageRow>;
  /** Of a task's run. */
  readonly task?: RunningTask;
  /** What is asked becomes the turn's. */
  begin(tx: Transaction, turn: TurnId, session: Session): Promise<Asked>;
  /** Someone's message has joined, and stands in the session from now on. */
  join(tx: Transaction, turn: TurnId, message: MessageId): Promise<void>;
  /** With the turn's end: what goes out to whoever asked. */
  end(tx: Transaction, turn: TurnId, end: TurnEnd): Promise<void>;
}

export interface RunningTask {
  readonly id: TaskId;
  readonly mayMakeTasks: boolean;
  /** Whoever made it: what it makes is his too. */
  readonly creator: TaskCreator;
  /** Where its result goes. */
  readonly chat: ChatId | undefined;
}

export interface TurnSetting {
  readonly group: Group;
  /** A session of its own; without it the group's current one. */
  readonly sessionName?: string;
  /** The one that goes on, whatever it is called and whether or not it is the current one. */
  readonly session?: SessionId;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly timeZone: TimeZone;
  readonly model: string;
  readonly paths: SandboxPaths;
  readonly isHereShared: boolean;
  readonly instructions: readonly Instruction[];
  readonly record?: TurnRecord;
}

function toCut(fresh: PersonMessage | undefined): PersonMessage {
  return fresh === undefined ? { text: goOn } : { ...fresh, text: `${goOn}\n\n${fresh.text}` };
}

export interface Asked {
  /** Nothing, when all of it stands in the session already. */
  readonly fresh: PersonMessage | undefined;
  /** Some of it does: an earlier turn had begun it and did not end. */
  readonly isResumed: boolean;
}

/** What a model is told whose answer was cut off and came to nobody. */
export const goOn = "Your last answer was cut off and reached nobody. Answer again, in full.";

/** With calls in it, it was no answer: what became of them is said as their results. */
function isCutAnswer(message: Message | undefined): boolean {
  return message?.role === "assistant" && message.content.every(({ type }) => type !== "tool-call");
}

/** A turn that stands in the store as running, under a lease that is ours. */
export interface BegunTurn {
  readonly type: "begun";
  readonly turn: TurnId;
  readonly epoch: number;
  readonly session: Session;
  readonly system: string;
  /** As stored, with the new message last; `toTranscript` makes it well formed. */
  readonly messages: readonly Message[];
  readonly taint: Taint;
  /** What the person said himself, when nothing of it is anybody else's. */
  readonly ownWords: string;
  /** Somebody said something that is to be answered. */
  readonly isAsked: boolean;
}

export interface HeldTurn {
  readonly type: "held";
  readonly pid: number;
}

export interface RefusedTurn {
  readonly type: "refused";
  readonly reason: string;
}

/** One transaction: the lease, the decision, the session, the person's words and the running turn, or nothing of it. */
export async function beginTurn(
  tx: Transaction,
  input: TurnInput,
  setting: TurnSetting,
): Promise<BegunTurn | HeldTurn | RefusedTurn> {
  const { group, actor, clock, model } = setting;
  const now = clock.now();
  await checkGroup(tx, group);
  // Our own turns wait for each other before they come here.
  await releaseOwnLease(tx, group.id, setting.holder);
  const lease = await takeLease(tx, group.id, setting.holder, { now, isAlive: isProcessAlive });
  if (lease.type === "held") return lease;

  const session = await findSession(tx, setting, now);
  const replaced = input.replacesLast ? await findLastTurn(tx, session.id) : undefined;
  const before = await loadTranscript(tx, session.id, replaced);
  const taint = joinTaint(parseTaintBits(session.taint | before.taint), input.taint ?? clean);
  const object = { group: group.name, name: session.name ?? "current session" };
  const action = input.replacesLast ? "turn.replace" : "turn.start";
  const decision = await decideIn(tx, { actor, action, object, taint }, now);
  if (decision.verdict !== "allow") {
    await releaseLease(tx, group.id, lease.epoch);
    return { type: "refused", reason: decision.reason };
  }

  const bits = toTaintBits(taint);
  const untold = await tellUntoldCalls(tx, session.id);
  const turn = await insertTurn(tx, {
    group: group.id,
    session: session.id,
    epoch: lease.epoch,
    model,
    taint: bits,
    now,
  });
  if (replaced !== undefined) await replaceTurn(tx, replaced, turn);
  const changed = findChanged(setting.instructions, session.prefix?.hash);
  const asked = await setting.record?.begin(tx, turn, session);
  const settled = await settleSentCalls(tx, before);
  const known = [...before.messages, ...settled];
  const wasCut = asked?.isResumed === true && isCutAnswer(known.at(-1));
  const said = asked === undefined ? input : wasCut ? toCut(asked.fresh) : asked.fresh;
  const message =
    said === undefined
      ? []
      : [
          createUserMessage(said, {
            now: new Date(now),
            timeZone: setting.timeZone,
            paths: setting.paths,
            isHereShared: setting.isHereShared,
            grants: await describeGrants(tx, group.id),
            changed: session.prefix === undefined ? [] : changed,
            ...(untold === undefined ? {} : { untold }),
          }),
        ];
  const notice: readonly UserMessage[] =
    message.length === 0 && untold !== undefined
      ? [{ role: "user", content: [{ type: "text", text: toBlock("context", untold) }] }]
      : [];
  const system = session.prefix?.text ?? createSystemPrompt(setting.paths, setting.instructions);
  if (session.prefix === undefined || changed.length > 0) {
    await setSessionPrefix(tx, session.id, { text: system, hash: hashInstructions(setting.instructions) });
  }
  const entries = [
    ...settled.map((each) => ({ kind: "tool", message: each, taint: 0 }) as const),
    // Where nobody says anything new.
    ...notice.map((each) => ({ kind: "notice", message: each, taint: 0 }) as const),
    ...message.map((each) => ({ kind: "user", message: each, taint: bits }) as const),
  ];
  await appendEntries(tx, entries, { session: session.id, turn, now });
  const messages = [...known, ...notice, ...message];
  const isAsked = said !== undefined || asked?.isResumed === true;
  const isOwn = actor.kind === "owner" && said?.taint?.sawUntrusted !== true;
  const ownWords = isOwn ? (said?.text ?? "") : "";
  return { type: "begun", turn, epoch: lease.epoch, session, system, messages, taint, isAsked, ownWords };
}

async function findSession(
  tx: Transaction,
  { group, session, sessionName }: TurnSetting,
  now: number,
): Promise<Session> {
  if (session !== undefined) return await getSessionById(tx, session);
  return sessionName === undefined
    ? await ensureCurrentSession(tx, group.id, now)
    : await ensureNamedSession(tx, group.id, sessionName, now);
}

/** Who has it open knows it by the name and the folder that it had then. */
async function checkGroup(tx: Transaction, { id, name }: Group): Promise<void> {
  const now = await getGroupById(tx, id);
  if (now.name === name) return;
  const current = now.removedAt === undefined ? now.name : undefined;
  throw new AppError("conflict", groupWords.moved({ name, current }));
}

/** `$NANOCLAW_GRANT_GITHUB_URL (https://api.github.com)` */
async function describeGrants(tx: Transaction, group: Group["id"]): Promise<readonly string[]> {
  const grants = await listGrants(tx, group);
  return grants.map(({ name, base }) => `$${toGrantVariable(name)} (${base})`);
}
