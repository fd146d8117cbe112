import { AppError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { telegramWords } from "../../words/english/telegram.ts";
import type { ChannelSetup, CheckedAccount, SetupNote, SetupPlace } from "../setup.ts";
import { createBotApi, type BotApi } from "./bot-api.ts";
import { beganKey } from "./began-key.ts";
import { isToken, readTelegramSettings } from "./config.ts";
import { readMe } from "./me.ts";
import { UpdatePoll, usualPace } from "./poll.ts";

export const telegramSetup: ChannelSetup = {
  secretName: "TELEGRAM_BOT_TOKEN",
  parseToken(text) {
    // BotFather's message may have been copied with more around it.
    const found = /\d{4,20}:[\w-]{30,100}/.exec(text)?.[0] ?? text.trim();
    if (!isToken(found)) throw new AppError("usage", telegramWords.noSuchToken());
    return new Secret(found);
  },
  check: checkBot,
};

async function checkBot({ config, token, clock }: SetupPlace, signal: AbortSignal): Promise<CheckedAccount> {
  const telegram = { ...config.channels.telegram, token };
  const settings = readTelegramSettings({ ...config, channels: { ...config.channels, telegram } });
  const api = createBotApi(settings);
  const me = await readMe(api, signal);
  const notes: SetupNote[] = [];
  if (!me.can_join_groups) notes.push("joins-none");
  else notes.push(me.can_read_all_group_messages ? "sees-all" : "sees-mentions");
  if (await hasWebhook(api, signal)) notes.push("has-webhook");
  return {
    address: `@${me.username}`,
    name: me.first_name,
    notes,
    toLink: (code) => `https://t.me/${me.username}?start=${encodeURIComponent(code)}`,
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
