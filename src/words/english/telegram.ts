import { defineWords } from "../define-words.ts";
import { toAppSentences } from "./chat-app.ts";

/** What Telegram says no to, and what in its part of the configuration cannot work. */
export const telegramWords = defineWords("telegram", {
  ...toAppSentences("Telegram", "telegram"),
  noToken: () => ({
    message: "The Telegram channel has no token.",
    hint: "BotFather gives you one; this says how:\n  nanoclaw channels add telegram",
  }),
  noSuchToken: () => ({
    message: "This is no token of a Telegram bot: such a one is a number, a colon and 35 signs.",
    hint: "Copy it whole from BotFather's message, then:\n  nanoclaw channels add telegram",
  }),
  badBase: ({ address }: { address: string }) => ({
    message: `channels.telegram.apiBase is no address of a server: ${address}`,
    hint: "Write https://HOST or http://HOST:PORT, or take the line out for Telegram itself.",
  }),
  tokenRefused: ({ reason }: { reason: string }) => ({
    message: `Telegram does not take the bot's token: ${reason}.`,
    hint: "Ask BotFather for its token (/mybots, your bot, API Token), then:\n  nanoclaw channels add telegram",
  }),
  otherReader: () => ({
    message: "Another program reads this bot's messages, and Telegram gives them to one only.",
    hint: "Stop the other one, or give this one a bot of its own:\n  nanoclaw channels add telegram",
  }),
  webhookRemoved: () => ({
    message: "The bot's messages went to a webhook; from now on they come here.",
    hint: "If the other program is to have them, switch this channel off:\n  nanoclaw channels remove telegram",
  }),
  fileTooLarge: ({ megabytes }: { megabytes: number }) => ({
    message: `The file is larger than the ${megabytes} MB that Telegram gives to bots.`,
    hint: "Send it in parts, or put it into a folder that the assistant may see.",
  }),
});
