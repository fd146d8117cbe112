import { AppError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { telegramWords } from "../../words/english/telegram.ts";
import type { ChannelSetup, CheckedAccount, SetupNote, SetupPlace, SetupSecret } from "../setup.ts";
import { createBotApi, type BotApi } from "./bot-api.ts";
import { beganKey } from "./began-key.ts";
import { isToken, readTelegramSettings } from "./config.ts";
import { readMe } from "./me.ts";
import { UpdatePoll, usualPace } from "./poll.ts";

const token: SetupSecret = {
  name: "TELEGRAM_BOT_TOKEN",
  key: "token",
  label: "Token",
  steps: `Make a bot, on your telephone or here:

  1  Open https://t.me/BotFather in Telegram and tap Start.
  2  Send it /newbot. It asks for a name (any), then for a username that ends in "bot".
  3  Copy the token from its answer: a number, a colon and 35 signs.

`,
  parse(text) {
    // BotFather's message may have been copied with more around it.
    const found = /\d{4,20}:[\w-]{30,100}/.exec(text)?.[0] ?? text.trim();
    if (!isToken(found)) throw new AppError("usage", telegramWords.noSuchToken());
    return new Secret(found);
  },
};

export const telegramSetup: ChannelSetup = { secrets: [token], check: checkBot };

const seesMentions: SetupNote = {
  name: "sees-mentions",
  says: "In groups it sees what is addressed to it. To let it see everything: BotFather, /setprivacy, Disable.",
};
const seesAll: SetupNote = {
  name: "sees-all",
  says: "In groups it sees all that is said, and answers when it is addressed.",
};
const joinsNone: SetupNote = {
  name: "joins-none",
  says: "It may join no groups. To let it: BotFather, /setjoingroups, Enable.",
};
const hadWebhook: SetupNote = {
  name: "has-webhook",
  says: "Its messages went to a webhook elsewhere: from now on they come here.",
};

async function checkBot({ config, clock }: SetupPlace, signal: AbortSignal): Promise<CheckedAccount> {
  const api = createBotApi(readTelegramSettings(config));
  const me = await readMe(api, signal);
  const notes: SetupNote[] = [];
  if (!me.can_join_groups) notes.push(joinsNone);
  else notes.push(me.can_read_all_group_messages ? seesAll : seesMentions);
  if (await hasWebhook(api, signal)) notes.push(hadWebhook);
  return {
    address: `@${me.username}`,
    name: me.first_name,
    notes,
    toInvitation: (code) => ({
      link: `https://t.me/${me.username}?start=${encodeURIComponent(code)}`,
      says: "Scan this with your telephone, or open the link, and tap Start: that makes you its owner.",
    }),
    async begin(memory, stop) {
      if ((await memory.read(beganKey)) === String(me.id)) return;
      await api.call("deleteWebhook", { drop_pending_updates: false }, { signal: stop });
      await new UpdatePoll(api, clock, usualPace).skipOld(stop);
      await memory.write(beganKey, String(me.id));
    },
  };
}

async function hasWebhook(api: BotApi, signal: AbortSignal): Promise<boolean> {
  const answer = await api.call("getWebhookInfo", {}, { signal });
  signal.throwIfAborted();
  if (answer.type !== "ok" || typeof answer.result !== "object" || answer.result === null) return false;
  return "url" in answer.result && typeof answer.result.url === "string" && answer.result.url !== "";
}
