import { expect } from "bun:test";
import type { Channel, ChannelRoute, OutgoingFile, StoredReply } from "../../src/channels/channel.ts";
import { createHttpChannel } from "../../src/channels/http/channel.ts";
import { systemClock } from "../../src/clock.ts";
import { defaultConfig } from "../../src/config/defaults.ts";
import { silentLog } from "../../src/log.ts";
import { createChannelMemory } from "../fakes/channel-memory.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

/** The channel behind a server of its own; what it was given to send is what a client can fetch. */
async function open(): Promise<ChannelUnderTest> {
  const routes = new Map<string, ChannelRoute>();
  const sent = new Map<string, StoredReply[]>();
  const files = new Map<number, OutgoingFile>();
  const channel = createHttpChannel({
    config: defaultConfig,
    clock: systemClock,
    log: silentLog,
    memory: createChannelMemory(),
    program: { command: [], plugins: "" },
    menu: [],
    addRoute: (route) => void routes.set(`${route.method} ${route.path}`, route),
    readReplies: async (chat, after) => (sent.get(chat) ?? []).filter(({ id }) => id > after),
    readAnswers: async () => [],
    readFile: async (reply) => files.get(reply),
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
  /** As the outbox does. */
  const keepFile: NonNullable<Channel["files"]>["send"] = async (chat, reply, file, signal) => {
    files.set(reply.id, file);
    const { name, mediaType, bytes } = file;
    const stored = { name, mediaType, size: bytes.length };
    const at = new Date();
    sent.set(chat, [
      { id: reply.id, text: reply.text, kind: "answer", at, answers: undefined, file: stored },
    ]);
    if (channel.files === undefined) throw new Error("http takes files");
    return await channel.files.send(chat, reply, file, signal);
  };
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
      ...(channel.files === undefined ? {} : { files: { ...channel.files, send: keepFile } }),
    },
    async readFiles(chat) {
      const response = await fetch(`${base}/api/replies?chat=${chat}`);
      const { replies } = (await response.json()) as {
        replies: { text: string; file?: { name: string; path: string } }[];
      };
      return await Promise.all(
        replies.map(async ({ text, file }) => {
          const fetched = await fetch(`${base}${file?.path}`);
          return { text, name: nameOf(fetched), bytes: await fetched.bytes() };
        }),
      );
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

/** As a browser would save it. */
function nameOf(response: Response): string {
  const disposition = response.headers.get("content-disposition") ?? "";
  expect(disposition).toStartWith("attachment;");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  return decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(disposition)?.[1] ?? "");
}

testChannel("http", open);
