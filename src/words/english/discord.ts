import { defineWords } from "../define-words.ts";
import { toAppSentences } from "./chat-app.ts";

/** What Discord says no to, and what in its part of the configuration cannot work. */
export const discordWords = defineWords("discord", {
  ...toAppSentences("Discord", "discord"),
  noToken: () => ({
    message: "The Discord channel has no token.",
    hint: "The developer portal gives you one; this says how:\n  nanoclaw channels add discord",
  }),
  noSuchToken: () => ({
    message: "This is no token of a Discord bot: such a one has three parts with dots between.",
    hint: "On the page Bot of your application press Reset Token, copy it whole, then:\n  nanoclaw channels add discord",
  }),
  badBase: ({ address }: { address: string }) => ({
    message: `channels.discord.apiBase is no address of a server: ${address}`,
    hint: "Write https://HOST/api/v10 or http://HOST:PORT, or take the line out for Discord itself.",
  }),
  badGateway: ({ address }: { address: string }) => ({
    message: `channels.discord.gatewayUrl is no address of a gateway: ${address}`,
    hint: "Write wss://HOST or ws://HOST:PORT, or take the line out: Discord says where its gateway is.",
  }),
  tokenRefused: ({ reason }: { reason: string }) => ({
    message: `Discord does not take the bot's token: ${reason}.`,
    hint: "On the page Bot of your application press Reset Token, then:\n  nanoclaw channels add discord",
  }),
  intentsRefused: () => ({
    message: "Discord does not let the bot read what is written: the Message Content Intent is off.",
    hint: "Open https://discord.com/developers/applications, your application, Bot; switch on Message Content Intent under Privileged Gateway Intents, and Save. It is tried again by itself.",
  }),
  badIntents: () => ({
    message: "Discord does not know what channels.discord.intents asks for.",
    hint: "Take the line out of the configuration.",
  }),
  tooManyServers: () => ({
    message:
      "The bot is in so many servers (2,500) that Discord wants several connections, and this program opens one.",
    hint: "Take it out of servers, or give this program a bot of its own:\n  nanoclaw channels add discord",
  }),
  startsUsedUp: ({ minutes }: { minutes: number }) => ({
    message: `Discord lets the bot begin a session again in ${minutes} minutes: it began too many today.`,
    hint: "Wait. If another program uses the same token, stop it.",
  }),
});
