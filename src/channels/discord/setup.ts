import { AppError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { discordWords } from "../../words/english/discord.ts";
import type { ChannelSetup, CheckedAccount, SetupNote, SetupPlace, SetupSecret } from "../setup.ts";
import { isToken, readDiscordSettings } from "./config.ts";
import { toFields } from "./fields.ts";
import { silentLog } from "../../log.ts";
import { createRestApi, type RestApi } from "./rest.ts";
import { SessionKeeper } from "./session.ts";
import { isSnowflake } from "./snowflake.ts";

const token: SetupSecret = {
  name: "DISCORD_BOT_TOKEN",
  key: "token",
  label: "Token",
  steps: `Make a bot, in a browser:

  1  Open https://discord.com/developers/applications and press New Application. Any name will do.
  2  On its page Bot, under Privileged Gateway Intents, switch on Message Content Intent, and Save Changes.
  3  On the same page press Reset Token and copy the token: three parts with dots between. It is shown once.

`,
  parse(text) {
    const found = text.trim().replace(/^Bot\s+/i, "");
    if (!isToken(found)) throw new AppError("usage", discordWords.noSuchToken());
    return new Secret(found);
  },
};

export const discordSetup: ChannelSetup = { secrets: [token], check: checkBot };

/** See channels, send, send in threads, attach files, read what was written, add reactions. */
const permissions = (1n << 10n) | (1n << 11n) | (1n << 38n) | (1n << 15n) | (1n << 16n) | (1n << 6n);
/** Of an application: it may read what is written; the second, as long as it is in few servers. */
const readsContent = (1 << 18) | (1 << 19);

const hearsNothing: SetupNote = {
  name: "no-message-content",
  says: "The Message Content Intent is off, and without it Discord lets it in nowhere: on the page Bot of your application switch it on, and Save Changes. It connects by itself within a minute.",
};
const seesAll: SetupNote = {
  name: "sees-all",
  says: "In servers it sees all that is said in the channels that it may see, and answers when it is addressed.",
};

async function checkBot({ config, clock }: SetupPlace, signal: AbortSignal): Promise<CheckedAccount> {
  const api = createRestApi(readDiscordSettings(config), clock);
  const { id, username, global_name: display } = await ask(api, "/users/@me", signal);
  const { id: application, flags, bot_public: isPublic } = await ask(api, "/applications/@me", signal);
  if (!isSnowflake(id) || !isSnowflake(application) || typeof username !== "string") {
    throw new AppError("network", discordWords.notReached({ reason: "this is no server of Discord's API" }));
  }
  const canRead = typeof flags !== "number" || (flags & readsContent) !== 0;
  const notes = [canRead ? seesAll : hearsNothing, ...(isPublic === true ? [isForAll] : [])];
  const scope = "scope=bot+applications.commands";
  return {
    address: `@${username}`,
    name: typeof display === "string" && display !== "" ? display : username,
    notes,
    toInvitation: (code) => ({
      link: `https://discord.com/oauth2/authorize?client_id=${application}&${scope}&permissions=${permissions}`,
      says: "Scan this or open the link, and choose a server of yours that it comes to (you have none? Discord, +, Create My Own).",
      thenSays: `Then write to it in private: in that server click its name among the members, and send it this message:\n\n  ${code}\n\nThat makes you its owner. (Not with the account that made the application? Then start the gateway first: Discord shows it nothing that others wrote before.)`,
    }),
    async begin(memory) {
      const keeper = new SessionKeeper(memory, silentLog);
      await keeper.open();
      keeper.meet({ id, name: username, application }, clock.now());
      await keeper.settle();
    },
  };
}

const isForAll: SetupNote = {
  name: "is-public",
  says: "Anybody who knows it can bring it to a server of his. To be the only one: page Installation, Install Link None, then page Bot, Public Bot off.",
};

async function ask(
  api: RestApi,
  path: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await api.callPatiently("GET", path, { signal });
  signal.throwIfAborted();
  if (answer.type === "ok") return toFields(answer.result);
  if (answer.type === "unauthorized") {
    throw new AppError("config", discordWords.tokenRefused({ reason: answer.reason }));
  }
  throw new AppError("network", discordWords.notReached({ reason: answer.reason }));
}
