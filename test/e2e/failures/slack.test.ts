import type { Failures } from "../../../src/words/english/failures.ts";
import { largestFile } from "../../../src/channels/slack/fetch-file.ts";
import { openSlack } from "../../fakes/slack/open-channel.ts";
import { FakeSlack, fakeTokens } from "../../fakes/slack/server.ts";
import { sayAdded, sayFetched, sayServed, sayTested } from "../../fakes/provoke-channel.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

const { bot: botToken, app: appToken } = fakeTokens;

/** What `channels test` says with this part of the configuration. */
function test(
  slack: Readonly<Record<string, unknown>>,
  prepare: (server: FakeSlack) => void = () => {},
): () => Promise<string> {
  return async () => {
    await using server = new FakeSlack();
    prepare(server);
    return await sayTested("slack", { enabled: true, botToken, appToken, apiBase: server.base, ...slack });
  };
}

testProvocations("slack", {
  noToken: {
    names: ["lacks one of its two tokens", "nanoclaw channels add slack"],
    provoke: () => sayServed("slack", { botToken }),
  },
  noBotToken: {
    names: ["no bot token of a Slack app", "xoxb-", "OAuth & Permissions"],
    provoke: () => sayAdded("slack", appToken),
  },
  noAppToken: {
    names: ["no app-level token", "xapp-", "connections:write"],
    provoke: () => sayAdded("slack", botToken),
  },
  badBase: {
    names: ["channels.slack.apiBase", "ftp://x", "https://HOST/api"],
    provoke: test({ apiBase: "ftp://x" }),
  },
  badProxy: { names: ["channels.slack.proxy", "socks5://HOST:PORT"], provoke: test({ proxy: "ftp://x" }) },
  tokenRefused: {
    names: ["does not take the xapp token: invalid_auth", "api.slack.com/apps"],
    provoke: test({ appToken: "xapp-1-another" }),
  },
  saidNo: {
    names: ["Slack says no: missing_scope", "manifest"],
    provoke: test({}, (server) => server.fail("auth.test", { type: "error", error: "missing_scope" })),
  },
  socketModeOff: {
    names: ["Socket Mode is off", "api.slack.com/apps"],
    provoke: test({}, (server) => (server.isSocketModeOn = false)),
  },
  notReached: {
    names: ["Slack cannot be reached", "channels.slack.proxy"],
    provoke: test({ apiBase: "http://127.0.0.1:1/api" }),
  },
  noFile: {
    names: ["could not be fetched from Slack: HTTP 404", "Send it again"],
    provoke: async () => {
      await using server = new FakeSlack();
      return await sayFetched(openSlack(server), `http://127.0.0.1:${server.port}/files/none`);
    },
  },
  fileTooLarge: {
    names: ["larger than 50 MB"],
    provoke: async () => {
      await using server = new FakeSlack();
      const file = { name: "a", mediaType: "text/plain", bytes: new Uint8Array(largestFile + 1) };
      const reply = { id: 1, key: "k", text: "" };
      const sent = await openSlack(server).files?.send("D1", reply, file, new AbortController().signal);
      return sent?.type === "refused" ? sent.reason : "";
    },
  },
} satisfies Record<keyof Failures["slack"], Provocation>);
