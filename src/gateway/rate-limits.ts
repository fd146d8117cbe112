import { toMidnight } from "../clock.ts";
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
  readonly group: GroupId;
  readonly now: number;
}

export interface ReachedRate {
  readonly kind: "person-minute" | "person-day" | "group-day" | "bots" | "echo";
  readonly limit: number;
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
  const day = toMidnight(now);
  if (asking.isFromBot && (await countBotRounds(reader, chat)) >= limits.botRounds) {
    return { kind: "bots", limit: limits.botRounds, key: `bots:${chat}:${day}` };
  }
  if (asking.isOwner) return undefined;
  const { personMessagesPerMinute, personMessagesPerDay, groupTurnsPerDay } = limits;
  if ((await countTakenFrom(reader, person, now - minuteMs)) >= personMessagesPerMinute) {
    const key = `minute:${person}:${Math.floor(now / hourMs)}`;
    return { kind: "person-minute", limit: personMessagesPerMinute, key };
  }
  if ((await countTakenFrom(reader, person, day)) >= personMessagesPerDay) {
    return { kind: "person-day", limit: personMessagesPerDay, key: `day:${person}:${day}` };
  }
  if ((await countTurnsOf(reader, group, day)) >= groupTurnsPerDay) {
    return { kind: "group-day", limit: groupTurnsPerDay, key: `group:${chat}:${day}` };
  }
  return (await isEcho(reader, asking))
    ? { kind: "echo", limit: echoRounds, key: `bots:${chat}:${day}` }
    : undefined;
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
