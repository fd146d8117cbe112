import { toMidnight } from "../midnight.ts";
import type { Config } from "../config.ts";
import type { Reader } from "../store/database.ts";
import type { ChatId, GroupId, PersonId } from "../store/ids.ts";
import { countBotRounds, countTakenFrom, countTurnsOf, findLastSentAt, listRounds } from "../store/rates.ts";

/** How much people and groups may ask for; the part of the configuration that says so. */
export type RateLimits = Pick<
  Config["limits"],
  "personMessagesPerMinute" | "personMessagesPerDay" | "groupTurnsPerDay" | "botRounds"
>;

/** A message that would be answered. */
export interface Asking {
  readonly chat: ChatId;
  readonly person: PersonId;
  readonly isOwner: boolean;
  readonly isFromBot: boolean;
  /** No model is asked: people send several in a row. */
  readonly isCommand: boolean;
  readonly group: GroupId;
  readonly now: number;
}

export interface ReachedRate {
  readonly kind: "person-minute" | "person-day" | "group-day" | "bots" | "echo";
  readonly limit: number;
  /** For whoever asks why. */
  readonly reason: string;
  /** Told once under this key; the owner, of programs that answer each other. */
  readonly key: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Nobody reads an answer and writes the next message so fast, time after time. */
const echoMs = 1500;
const echoRounds = 5;

/**
 * Why a message is not answered although its writer may ask; undefined: it is. The owner may ask as much as he likes; who
 * speaks for a program is stopped after a few rounds, whether its platform says so or only its haste does.
 */
export async function findReachedRate(
  reader: Reader,
  asking: Asking,
  limits: RateLimits,
): Promise<ReachedRate | undefined> {
  const { chat, person, group, now } = asking;
  if (asking.isOwner && !asking.isFromBot) return undefined;
  const day = toMidnight(now);
  if (asking.isFromBot && (await countBotRounds(reader, chat)) >= limits.botRounds) {
    const reason = `programs have answered each other ${limits.botRounds} times`;
    return { kind: "bots", limit: limits.botRounds, reason, key: `bots:${chat}:${day}` };
  }
  if (asking.isOwner) return undefined;
  const { personMessagesPerMinute, personMessagesPerDay, groupTurnsPerDay } = limits;
  if ((await countTakenFrom(reader, person, now - minuteMs)) >= personMessagesPerMinute) {
    const key = `minute:${person}:${Math.floor(now / hourMs)}`;
    const reason = `more than ${personMessagesPerMinute} messages of this person in a minute`;
    return { kind: "person-minute", limit: personMessagesPerMinute, reason, key };
  }
  if ((await countTakenFrom(reader, person, day)) >= personMessagesPerDay) {
    const reason = `more than ${personMessagesPerDay} messages of this person today`;
    return { kind: "person-day", limit: personMessagesPerDay, reason, key: `day:${person}:${day}` };
  }
  if ((await countTurnsOf(reader, group, day)) >= groupTurnsPerDay) {
    const reason = `more than ${groupTurnsPerDay} turns of this group today`;
    return { kind: "group-day", limit: groupTurnsPerDay, reason, key: `group:${chat}:${day}` };
  }
  if (asking.isCommand || !(await isEcho(reader, asking))) return undefined;
  const reason = `it was answered at once ${echoRounds - 1} times in a row, as a program does`;
  return { kind: "echo", limit: echoRounds - 1, reason, key: `bots:${chat}:${day}` };
}

/** Only we and one other speak in the chat, and he answers us at once, again and again. */
async function isEcho(reader: Reader, { chat, person, now }: Asking): Promise<boolean> {
  const sentAt = await findLastSentAt(reader, chat);
  if (sentAt === undefined || now - sentAt >= echoMs) return false;
  const rounds = await listRounds(reader, chat, echoRounds - 1);
  return (
    rounds.length === echoRounds - 1 &&
    rounds.every((round, index) => {
      const isFirst = index === rounds.length - 1;
      return round.person === person && (isFirst || (round.afterMs !== undefined && round.afterMs < echoMs));
    })
  );
}
