import { listDecisionsBetween } from "../store/audit-rows.ts";
import { findChatById } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import { findGroupById } from "../store/groups.ts";
import type { MessageId } from "../store/ids.ts";
import { listJournal } from "../store/journal.ts";
import { findMessage, type Message } from "../store/messages.ts";
import { findPerson } from "../store/people.ts";
import { listRepliesOfTurn, listRepliesTo, type Reply } from "../store/replies.ts";
import { findTurn, listInterrupted, type Turn } from "../store/turns.ts";

export interface MessageStory {
  readonly message: number;
  readonly state: string;
  readonly chapters: readonly StoryLine[];
}

export interface StoryLine {
  readonly at: Date;
  readonly what: "received" | "turn" | "call" | "decision" | "note" | "reply" | "open" | "end";
  readonly text: string;
}

/** The life of a message, from what was recorded as it happened. Undefined: there is none of that number. */
export async function tellStory(reader: Reader, id: MessageId): Promise<MessageStory | undefined> {
  const message = await findMessage(reader, id);
  if (message === undefined) return undefined;
  const chat = await findChatById(reader, message.chat);
  const person = message.person === undefined ? undefined : await findPerson(reader, message.person);
  const group = message.group === undefined ? undefined : await findGroupById(reader, message.group);
  const name = person?.displayName ?? person?.sender ?? "unknown";
  const from = name === message.personKind ? name : `${message.personKind} ${name}`;
  const where = `${chat?.channel ?? "?"} chat ${chat?.title ?? chat?.chat ?? "?"}`;
  const lines: StoryLine[] = [
    {
      at: message.receivedAt,
      what: "received",
      text: `from ${from} in ${where}, for ${group === undefined ? "no group" : `group ${group.name}`}`,
    },
  ];
  if (chat !== undefined && chat.group === undefined && !chat.isPrivate) {
    const text = `nobody is answered there until: nanoclaw groups bind NAME ${chat.id}`;
    lines.push({ at: message.endedAt ?? message.receivedAt, what: "note", text });
  }
  const direct = await listRepliesTo(reader, message.id, message.chat);
  const turns = await listTurns(reader, message, direct);
  for (const turn of turns) lines.push(...(await tellTurn(reader, turn, group?.name)));
  const replies = [
    ...(message.turn === undefined ? [] : await listRepliesOfTurn(reader, message.turn)),
    ...direct,
  ].filter((reply) => reply.chat === message.chat);
  lines.push(...new Map(replies.map((reply) => [reply.id, tellReply(reply)])).values());
  const chapters = lines.toSorted((left, right) => left.at.getTime() - right.at.getTime());
  const latest = chapters.at(-1)?.at ?? message.receivedAt;
  const whole = [...chapters, tellEnd(message, latest)];
  return {
    message: message.id,
    state: message.state,
    chapters: whole.toSorted((left, right) => left.at.getTime() - right.at.getTime()),
  };
}

/** Or that there is none yet. */
function tellEnd({ state, reason, attempts, receivedAt, endedAt }: Message, latest: Date): StoryLine {
  const because = reason === undefined ? "" : ` (${reason})`;
  const often = attempts > 1 ? `, begun ${attempts} times` : "";
  if (state === "received") return { at: latest, what: "open", text: `waits for its turn${because}${often}` };
  if (state === "claimed") return { at: latest, what: "open", text: `is being answered${because}${often}` };
  return { at: endedAt ?? receivedAt, what: "end", text: `${state}${because}${often}` };
}

/** The one that took it last, those that a process died over before that, and those that told its chat how they failed. */
async function listTurns(
  reader: Reader,
  { turn: id, attempts, receivedAt }: Message,
  replies: readonly Reply[],
): Promise<readonly Turn[]> {
  const turn = id === undefined ? undefined : await findTurn(reader, id);
  const before =
    turn === undefined || attempts < 2 ? [] : await listInterrupted(reader, turn, receivedAt, attempts - 1);
  const told = replies.flatMap((reply) => (reply.turn === undefined ? [] : [reply.turn]));
  const others = await Promise.all(told.map((each) => findTurn(reader, each)));
  const all = [turn, ...before, ...others].filter((each) => each !== undefined);
  const each = [...new Map(all.map((one) => [one.id, one])).values()];
  return each.toSorted((left, right) => left.id - right.id);
}

async function tellTurn(reader: Reader, turn: Turn, group: string | undefined): Promise<StoryLine[]> {
  const { id } = turn;
  const lines: StoryLine[] = [
    { at: turn.startedAt, what: "turn", text: `turn ${id} began, with ${turn.model}` },
  ];
  const open = new Map<unknown, StoryLine>();
  for (const { at, event } of await listJournal(reader, id)) {
    const line = tellEvent(event);
    if (line !== undefined) lines.push({ at, ...line });
    const call = field(event, "type") === "tool-start" ? field(event, "callId") : undefined;
    const text = `${String(field(event, "title"))} (begun; nobody knows what came of it)`;
    if (call !== undefined) open.set(call, { at, what: "call", text });
    else open.delete(field(field(event, "message"), "callId"));
  }
  if (turn.state !== "running") lines.push(...open.values());
  const until = turn.endedAt ?? new Date(8.64e15);
  for (const row of await listDecisionsBetween(reader, group ?? "", turn.startedAt, until)) {
    if (row.verdict === "allow") continue;
    const text = `${row.verdict}: ${row.action} ${row.object}${row.reason === undefined ? "" : ` (${row.reason})`}`;
    lines.push({ at: new Date(row.at), what: "decision", text });
  }
  if (turn.endedAt !== undefined) {
    const reason = turn.reason === undefined ? "" : `: ${turn.reason}`;
    lines.push({ at: turn.endedAt, what: "turn", text: `turn ${id} ended, ${turn.state}${reason}` });
  }
  return lines;
}

function tellEvent(event: unknown): Pick<StoryLine, "what" | "text"> | undefined {
  switch (field(event, "type")) {
    case "tool-end": {
      const hasFailed = field(field(event, "message"), "isError") === true ? ", failed" : "";
      const ms = Math.round(Number(field(event, "durationMs")));
      return { what: "call", text: `${String(field(event, "title"))} (${ms} ms${hasFailed})` };
    }
    case "retry":
      return { what: "note", text: `the model was asked again: ${String(field(event, "reason"))}` };
    case "notice":
      return { what: "note", text: String(field(event, "text")) };
    case "message-join":
      return { what: "note", text: "another message joined" };
    default:
      return undefined;
  }
}

function tellReply(reply: Reply): StoryLine {
  const { kind, state, attempts, unknowns, reason, platformId } = reply;
  const tries = attempts > 1 ? `, ${attempts} tries` : "";
  const doubts = unknowns > 0 ? `, ${unknowns} of unknown outcome` : "";
  const because = reason === undefined ? "" : ` (${reason})`;
  const there = platformId === undefined ? "" : `, there as ${platformId}`;
  return {
    at: reply.endedAt ?? reply.createdAt,
    what: "reply",
    text: `${kind} ${state}${there}${tries}${doubts}${because}`,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
