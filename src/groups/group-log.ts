import { listChats } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import type { GroupId } from "../store/ids.ts";
import { listJournal } from "../store/journal.ts";
import { listMessagesOfGroup } from "../store/messages.ts";
import { listRepliesOfGroup } from "../store/replies.ts";
import { listTurnsOfGroup } from "../store/turns.ts";

export interface GroupLogLine {
  /** The same line has the same key whenever it is read. */
  readonly key: string;
  readonly at: Date;
  readonly what: "message" | "turn" | "call" | "reply";
  readonly text: string;
}

const longestExcerpt = 120;

/** The last `count` things that were said and done in a group, in the order in which they happened. */
export async function readGroupLog(reader: Reader, group: GroupId, count: number): Promise<GroupLogLine[]> {
  if (count === 0) return [];
  const chats = new Map(
    (await listChats(reader, group)).map(({ id, channel, title, chat }) => [
      id,
      `${channel}:${title ?? chat}`,
    ]),
  );
  const lines: GroupLogLine[] = [];
  for (const { id, receivedAt, personKind, chat, body, state, reason } of await listMessagesOfGroup(
    reader,
    group,
    count,
  )) {
    const where = chats.get(chat) ?? `chat ${chat}`;
    const text = `#${id} ${personKind} in ${where}: ${cut(body.text)}`;
    lines.push({ key: `m${id}`, at: receivedAt, what: "message", text });
    if (state !== "declined" && state !== "failed" && state !== "dead") continue;
    const why = `#${id} ${state}${reason === undefined ? "" : `: ${reason}`}`;
    lines.push({ key: `m${id}${state}`, at: receivedAt, what: "message", text: why });
  }
  for (const turn of await listTurnsOfGroup(reader, group, count)) {
    const { id, startedAt, endedAt, state, reason, model } = turn;
    lines.push({ key: `t${id}`, at: startedAt, what: "turn", text: `turn ${id} began, with ${model}` });
    for (const { sequence, at, event } of await listJournal(reader, id)) {
      const title = toCallTitle(event);
      if (title !== undefined) lines.push({ key: `t${id}s${sequence}`, at, what: "call", text: title });
    }
    if (endedAt === undefined) continue;
    const why = reason === undefined ? "" : `: ${reason}`;
    lines.push({ key: `t${id}end`, at: endedAt, what: "turn", text: `turn ${id} ended, ${state}${why}` });
  }
  for (const { id, createdAt, endedAt, chat, kind, text, state, reason } of await listRepliesOfGroup(
    reader,
    group,
    count,
  )) {
    const where = chats.get(chat) ?? `chat ${chat}`;
    const why = state === "failed" || state === "unknown" ? ` (${state}: ${reason ?? ""})` : "";
    const said = `${kind} to ${where}: ${cut(text)}${why}`;
    lines.push({ key: `r${id}${why}`, at: endedAt ?? createdAt, what: "reply", text: said });
  }
  return lines
    .toSorted((left, right) => left.at.getTime() - right.at.getTime() || rank(left) - rank(right))
    .slice(-count);
}

/** Of what happened in the same millisecond. */
function rank({ what, key }: GroupLogLine): number {
  return ["message", "turn", "call", "reply"].indexOf(key.endsWith("end") ? "reply" : what);
}

function toCallTitle(event: unknown): string | undefined {
  const type = field(event, "type");
  if (type !== "tool-end") return undefined;
  const hasFailed = field(field(event, "message"), "isError") === true ? ", failed" : "";
  return `${String(field(event, "title"))} (${Math.round(Number(field(event, "durationMs")))} ms${hasFailed})`;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longestExcerpt ? `${line.slice(0, longestExcerpt - 1)}…` : line;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
