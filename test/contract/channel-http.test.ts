import type { ChannelRoute, StoredReply } from "../../src/channels/channel.ts";
import { createHttpChannel } from "../../src/channels/http/channel.ts";
import { systemClock } from "../../src/clock.ts";
import { defaultConfig } from "../../src/config/defaults.ts";
import { silentLog } from "../../src/log.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

/** The channel behind a server of its own; what it was given to send is what a client can fetch. */
async function open(): Promise<ChannelUnderTest> {
  const routes = new Map<string, ChannelRoute>();
  const sent = new Map<string, StoredReply[]>();
  const channel = createHttpChannel({
    config: defaultConfig,
    clock: systemClock,
    log: silentLog,
    addRoute: (route) => void routes.set(`${route.method} ${route.path}`, route),
    readReplies: async (chat, after) => (sent.get(chat) ?? []).filter(({ id }) => id > after),
    readAnswers: async () => [],
  });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const route = routes.get(`${request.method} ${new URL(request.url).pathname}`);
      try {
        return (await route?.handle(request, request.signal)) ?? new Response("", { status: 404 });
      } catch {
        return new Response("", { status: 503 });
      }
    },
  });
  const base = `http://127.0.0.1:${server.port}`;
  return {
    channel: {
      ...channel,
      // As the outbox does: it is in the store before it is announced.
      send: async (chat, reply, signal) => {
        const there = sent.get(chat) ?? [];
        const at = new Date();
        if (!there.some(({ id }) => id === reply.id)) {
          there.push({ id: reply.id, text: reply.text, kind: "answer", at, answers: undefined });
        }
        sent.set(chat, there);
        return await channel.send(chat, reply, signal);
      },
    },
    async write(message) {
      const body = JSON.stringify(message);
      return (await fetch(`${base}/api/messages`, { method: "POST", body })).ok;
    },
    async read(chat) {
      const response = await fetch(`${base}/api/replies?chat=${chat}`);
      const { replies } = (await response.json()) as { replies: { text: string }[] };
      return replies.map(({ text }) => text);
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

testChannel("http", open);
