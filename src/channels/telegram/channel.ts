import type { Update, UserFromGetMe } from "@grammyjs/types";
import { telegramWords } from "../../words/english/telegram.ts";
import type { Channel, ChannelSetting, Receiver } from "../channel.ts";
import { receivePress } from "../receive-press.ts";
import { toStoredPieces } from "../rich-text/pieces.ts";
import { parsePlace } from "./address.ts";
import { joinAlbums, type ReadItem } from "./albums.ts";
import { beganKey } from "./began-key.ts";
import { createBotApi } from "./bot-api.ts";
import { readTelegramSettings } from "./config.ts";
import { cutForTelegram, longestText } from "./cut.ts";
import { Delivery } from "./deliver.ts";
import { fetchFile, largestFile } from "./fetch-file.ts";
import { readMe } from "./me.ts";
import { offerMenu } from "./menu.ts";
import { UpdatePoll, usualPace, type PollPace } from "./poll.ts";
import { readUpdate, type ReadUpdate } from "./read-update.ts";
import { Threads } from "./threads.ts";

/** Telegram shows it for five seconds. */
const typingMs = 4000;
const typingTimeoutMs = 5000;

/** A bot on Telegram, read by long polling: no address of ours is known to anyone. */
export function createTelegramChannel(setting: ChannelSetting, pace: PollPace = usualPace): Channel {
  const settings = readTelegramSettings(setting.config);
  const { clock, log, memory, menu } = setting;
  const api = createBotApi(settings);
  const threads = new Threads();
  const poll = new UpdatePoll(api, clock, pace);
  let current: Receiver | undefined;
  let me: UserFromGetMe | undefined;
  const delivery = new Delivery({
    api,
    clock,
    threads,
    memory,
    onMoved: async (from, to) => await current?.moved?.(from, to),
  });

  function read(update: Update, bot: UserFromGetMe): ReadUpdate {
    try {
      return readUpdate(update, { me: bot, separateTopics: settings.separateTopics });
    } catch (error) {
      // One that cannot be understood must not stand in the way of all that follow.
      log.error("an update could not be read and is left out", { update: update.update_id, error });
      return { type: "nothing" };
    }
  }

  async function take(receiver: Receiver, item: ReadItem, signal: AbortSignal): Promise<void> {
    const { read: known } = item;
    switch (known.type) {
      case "message":
        threads.see(known.message.chat, known.message.id, known.thread);
        await receiver.receive(known.message);
        return;
      case "press":
        return await press(receiver, known, signal);
      case "moved":
        return await receiver.moved?.(known.from, known.to);
      case "nothing":
        return;
      default:
        known satisfies never;
    }
  }

  /** Whoever pressed is told that it counted, or why not: on his own screen. */
  async function press(
    receiver: Receiver,
    pressed: Extract<ReadUpdate, { type: "press" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const receipt = await receivePress(pressed, memory, (known) => receiver.receive(known));
    const text = receipt.type === "declined" ? { text: receipt.reason.slice(0, 200), show_alert: true } : {};
    await api.call("answerCallbackQuery", { callback_query_id: pressed.query, ...text }, { signal });
  }

  return {
    name: "telegram",
    account: "default",
    traits: { authenticatesSenders: true, isIdempotent: false, maxCharacters: longestText },
    async start(receiver, signal) {
      current = receiver;
      try {
        me ??= await readMe(api, signal);
        const bot = me;
        if ((await memory.read(beganKey)) !== String(bot.id)) {
          await poll.skipOld(signal);
          await memory.write(beganKey, String(bot.id));
        }
        await offerMenu(api, { menu, memory, log }, signal);
        await poll.run(
          {
            connected: () => receiver.connected(),
            take: async (updates) => {
              const items = updates.map((update) => ({ id: update.update_id, read: read(update, bot) }));
              for (const item of joinAlbums(items)) await take(receiver, item, signal);
            },
          },
          signal,
        );
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    send: (chat, reply, signal) => delivery.send(chat, reply, signal),
    format: { toPieces: (markdown) => toStoredPieces(markdown, cutForTelegram) },
    edit: { edit: (chat, message, reply, signal) => delivery.edit(chat, message, reply, signal) },
    typing: {
      everyMs: typingMs,
      async show(chat, signal) {
        const thread = parsePlace(chat).thread ?? threads.last(chat);
        const parameters = {
          action: "typing",
          ...(thread === undefined ? {} : { message_thread_id: thread }),
        };
        await delivery.call(chat, "sendChatAction", parameters, { signal, timeoutMs: typingTimeoutMs });
        signal.throwIfAborted();
      },
    },
    react: {
      async react(chat, message, emoji, signal) {
        const reaction = emoji === "" ? [] : [{ type: "emoji", emoji }];
        return await delivery.call(
          chat,
          "setMessageReaction",
          { message_id: Number(message), reaction },
          { signal },
        );
      },
    },
    ask: { ask: (chat, reply, options, signal) => delivery.ask(chat, reply, options, signal) },
    files: {
      maxBytes: largestFile,
      fetch: (reference, signal) => fetchFile(api, reference, signal),
      async send(chat, reply, file, signal) {
        if (file.bytes.length > largestFile) {
          const { message } = telegramWords.fileTooLarge({ megabytes: largestFile / 1_000_000 });
          return { type: "refused", reason: message };
        }
        return await delivery.sendFile(chat, reply, file, signal);
      },
    },
  };
}
