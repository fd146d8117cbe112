import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { discordWords } from "../../words/english/discord.ts";
import { toFields, toList } from "./fields.ts";
import type { RestAnswer } from "./answer.ts";
import type { RestApi } from "./rest.ts";
import type { SessionKeeper } from "./session.ts";
import { isSnowflake } from "./snowflake.ts";

export interface OpenDirectOptions {
  readonly api: RestApi;
  readonly keeper: SessionKeeper;
  /** Whom the configuration lets in, by number. */
  readonly people: readonly string[];
  readonly log: Log;
}

/** Discord takes it ill when a bot opens private chats by the dozen. */
const mostPeople = 10;
/** Nothing is heard before: those whose chats are known do not wait longer for one that may be empty. */
const longestWaitMs = 10_000;
const place = "/users/@me/channels";
/** Of a member of a team: has accepted. */
const accepted = 2;

/**
 * Private chats with those who may write before we ever heard of them: Discord lists a bot none, but opens the one with whoever
 * is named, with all that stands in it. Who made the application is one, for he is the owner nearly always. Throws
 * `AppError("network")`: it is to be tried again.
 */
export async function openDirect(
  { api, keeper, people, log }: OpenDirectOptions,
  signal: AbortSignal,
): Promise<void> {
  if (keeper.makers === undefined) {
    const answer = await api.callPatiently("GET", "/applications/@me", { signal });
    signal.throwIfAborted();
    keeper.seeMakers(isSettled(answer) ? findMakers(answer.result) : []);
  }
  const unknown = [...(keeper.makers ?? []), ...people].filter((person) => !keeper.hasOpened(person));
  for (const person of [...new Set(unknown)].slice(0, mostPeople)) {
    const ask = { body: { recipient_id: person }, signal };
    let answer = await api.call("POST", place, ask);
    if (answer.type === "wait" && answer.ms <= longestWaitMs) {
      answer = await api.callPatiently("POST", place, ask);
    }
    signal.throwIfAborted();
    if (answer.type === "wait") {
      log.warn("a first private message may have been missed: Discord lets no more chats be opened now", {
        person,
        waitMs: answer.ms,
      });
      return;
    }
    if (!isSettled(answer)) continue;
    const { id } = toFields(answer.result);
    if (isSnowflake(id)) keeper.meetDirect(person, id);
  }
}

/** False: Discord says no, and would say it again. */
function isSettled(answer: RestAnswer): answer is Extract<RestAnswer, { type: "ok" }> {
  if (answer.type === "ok") return true;
  if (answer.type === "refused") return false;
  throw new AppError("network", discordWords.notReached({ reason: answer.reason }));
}

/** Of an application: its owner, or the members of the team that it belongs to. */
function findMakers(application: unknown): readonly string[] {
  const { owner, team } = toFields(application);
  const members = toList(toFields(team)["members"])
    .map(toFields)
    .filter(({ membership_state: state }) => state === accepted)
    .map(({ user }) => toFields(user)["id"]);
  const all = members.length > 0 ? members : [toFields(owner)["id"]];
  return all.filter(isSnowflake);
}
