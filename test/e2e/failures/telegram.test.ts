import type { Failures } from "../../../src/words/english/failures.ts";
import { openTelegram } from "../../fakes/telegram/open-channel.ts";
import { FakeTelegram } from "../../fakes/telegram/server.ts";
import { sayAdded, sayEnded, sayFetched, sayServed, sayTested } from "../../fakes/provoke-channel.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";
import { createChannelMemory } from "../../fakes/channel-memory.ts";

const token = "4711:AAfake-token_of_a_bot_that_is_none0000";

/** What `channels test` says with this part of the configuration. */
function test(telegram: Readonly<Record<string, unknown>>): () => Promise<string> {
  return async () => {
    await using server = new FakeTelegram();
    return await sayTested("telegram", { enabled: true, token, apiBase: server.base, ...telegram });
  };
}

/** Why the channel ends when this happens at Telegram. */
function happen(what: (server: FakeTelegram) => void | Promise<void>): () => Promise<string> {
  return async () => {
    await using server = new FakeTelegram();
    const memory = createChannelMemory();
    await memory.write("began", String(server.me.id));
    const isAsked = (): Promise<void> => server.until(() => server.callsOf("getUpdates").length >= 1);
    return await sayEnded(openTelegram(server, { memory }), () => what(server), isAsked);
  };
}

/** Why a file cannot be had. */
async function fetchFile(description: string): Promise<string> {
  await using server = new FakeTelegram();
  server.fail("getFile", { type: "error", code: 400, text: description });
  return await sayFetched(openTelegram(server), "F");
}

testProvocations("telegram", {
  noToken: {
    names: ["The Telegram channel has no token", "nanoclaw channels add telegram"],
    provoke: () => sayServed("telegram"),
  },
  noSuchToken: {
    names: ["no token of a Telegram bot", "nanoclaw channels add telegram"],
    provoke: () => sayAdded("telegram", "hello\n"),
  },
  badBase: {
    names: ["channels.telegram.apiBase", "ftp://x", "https://HOST"],
    provoke: test({ apiBase: "ftp://x" }),
  },
  badProxy: { names: ["channels.telegram.proxy", "socks5://HOST:PORT"], provoke: test({ proxy: "ftp://x" }) },
  tokenRefused: {
    names: ["does not take the bot's token: Unauthorized", "BotFather"],
    provoke: test({ token: "4711:other" }),
  },
  otherReader: {
    names: ["Another program reads this bot's messages", "nanoclaw channels add telegram"],
    provoke: happen(async (server) => {
      await server.until(() => server.callsOf("getUpdates").length >= 2);
      await fetch(`${server.base}/bot${server.token}/getUpdates`, { method: "POST", body: "{}" });
    }),
  },
  webhookRemoved: {
    names: ["went to a webhook", "they come here"],
    provoke: happen((server) => {
      server.webhook = "https://elsewhere.example";
      server.disconnect();
      // The next connection meets it.
      server.fail("getUpdates", {
        type: "error",
        code: 409,
        text: "Conflict: can't use getUpdates method while webhook is active",
      });
    }),
  },
  notReached: {
    names: ["Telegram cannot be reached", "channels.telegram.proxy"],
    provoke: test({ apiBase: "http://127.0.0.1:1" }),
  },
  noFile: {
    names: ["could not be fetched from Telegram: Bad Request: wrong file_id"],
    provoke: () => fetchFile("Bad Request: wrong file_id"),
  },
  fileTooLarge: {
    names: ["larger than the 20 MB", "in parts"],
    provoke: () => fetchFile("Bad Request: file is too big"),
  },
} satisfies Record<keyof Failures["telegram"], Provocation>);
