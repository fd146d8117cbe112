import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { discordWords } from "../../words/english/discord.ts";
import { toFields, toList } from "./fields.ts";
import type { RestApi } from "./rest.ts";
import { isSnowflake, laterOf } from "./snowflake.ts";

export interface CatchUpOptions {
  readonly api: RestApi;
  readonly log: Log;
  /** Resolves when the message is on disk. */
  readonly take: (message: unknown) => Promise<void>;
}

const pageSize = 100;
/** Of one channel: what is more than that was said to nobody who waits still. */
const mostPages = 10;

/**
 * What was written in a channel after a message, in its order: a session that could not be gone on with told nothing of it.
 * What the bot may not read is left out. Throws `AppError("network")`: it is to be tried again.
 */
export async function catchUp(
  channel: string,
  after: string,
  { api, log, take }: CatchUpOptions,
  signal: AbortSignal,
): Promise<void> {
  let place = after;
  for (let page = 0; page < mostPages; page++) {
    const path = `/channels/${channel}/messages?limit=${pageSize}&after=${place}`;
    const answer = await api.callPatiently("GET", path, { signal });
    signal.throwIfAborted();
    if (answer.type === "refused") return;
    if (answer.type !== "ok") {
      throw new AppError("network", discordWords.notReached({ reason: answer.reason }));
    }
    const messages = toList(answer.result).flatMap((each) => {
      const { id } = toFields(each);
      return isSnowflake(id) ? [{ id, message: each }] : [];
    });
    // The newest stands first.
    for (const { id, message } of messages.toSorted((one, other) =>
      laterOf(one.id, other.id) === one.id ? 1 : -1,
    )) {
      await take(message);
      place = laterOf(place, id);
    }
    if (messages.length < pageSize) return;
  }
  log.warn("more was written while the bot was away than is fetched", { channel });
}
