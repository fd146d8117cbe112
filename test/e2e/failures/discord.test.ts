import type { Failures } from "../../../src/words/english/failures.ts";
import { openDiscord } from "../../fakes/discord/open-channel.ts";
import { FakeDiscord } from "../../fakes/discord/server.ts";
import { sayAdded, sayEnded, sayFetched, sayServed, sayTested } from "../../fakes/provoke-channel.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

/** What `channels test` says with this part of the configuration. */
function test(discord: Readonly<Record<string, unknown>>): () => Promise<string> {
  return async () => {
    await using server = new FakeDiscord();
    return await sayTested("discord", {
      enabled: true,
      token: server.token,
      apiBase: server.base,
      ...discord,
    });
  };
}

/** Why the channel ends when this is so at Discord. */
function meet(prepare: (server: FakeDiscord) => void): () => Promise<string> {
  return async () => {
    await using server = new FakeDiscord();
    prepare(server);
    return await sayEnded(openDiscord(server));
  };
}

testProvocations("discord", {
  noToken: {
    names: ["The Discord channel has no token", "nanoclaw channels add discord"],
    provoke: () => sayServed("discord"),
  },
  noSuchToken: {
    names: ["no token of a Discord bot", "Reset Token", "nanoclaw channels add discord"],
    provoke: () => sayAdded("discord", "hello\n"),
  },
  badBase: { names: ["channels.discord.apiBase", "ftp://x"], provoke: test({ apiBase: "ftp://x" }) },
  badGateway: {
    names: ["channels.discord.gatewayUrl", "http://x"],
    provoke: test({ gatewayUrl: "http://x" }),
  },
  badProxy: { names: ["channels.discord.proxy", "socks5://HOST:PORT"], provoke: test({ proxy: "ftp://x" }) },
  tokenRefused: {
    names: ["does not take the bot's token: 401: Unauthorized", "Reset Token"],
    provoke: test({ token: "NDcxMTAwMDAwMDAwMDAw.fake00.a-token-that-is-not-its-own" }),
  },
  intentsRefused: {
    names: ["Message Content Intent", "https://discord.com/developers/applications"],
    provoke: meet((server) => (server.closeNext = 4014)),
  },
  badIntents: {
    names: ["channels.discord.intents", "Take the line out"],
    provoke: meet((server) => (server.closeNext = 4013)),
  },
  tooManyServers: {
    names: ["so many servers", "a bot of its own"],
    provoke: meet((server) => (server.closeNext = 4011)),
  },
  startsUsedUp: {
    names: ["in 90 minutes", "too many today"],
    provoke: meet((server) => (server.limit = { ...server.limit, remaining: 0, reset_after: 5_400_000 })),
  },
  notReached: {
    names: ["Discord cannot be reached", "channels.discord.proxy"],
    provoke: test({ apiBase: "http://127.0.0.1:1" }),
  },
  noFile: {
    names: ["could not be fetched from Discord: Unknown Message"],
    provoke: async () => {
      await using server = new FakeDiscord();
      return await sayFetched(openDiscord(server), "1/2/3");
    },
  },
} satisfies Record<keyof Failures["discord"], Provocation>);
