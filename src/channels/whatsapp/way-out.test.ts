import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { ConnectProxy } from "../../../test/fakes/connect-proxy.ts";
import { runChannel } from "../../../test/fakes/run-channel.ts";
import { linkDevice, openWhatsApp, trust } from "../../../test/fakes/whatsapp/open-channel.ts";
import { FakeWhatsApp } from "../../../test/fakes/whatsapp/server.ts";
import { toSha256 } from "../../plugins/load-plugin.ts";
import { writePlugins } from "../../plugins/plugin-list.ts";
import { officialMedia } from "./config.ts";
import { createGuard } from "./guard.ts";
import { createGuardedFetch } from "./library/guarded-fetch.ts";
import { openLibraryProcess } from "./link.ts";
import { fetchMedia } from "./media.ts";

const never = new AbortController().signal;
const server = new FakeWhatsApp();
const memory = createChannelMemory();

beforeAll(async () => {
  trust(server);
  await linkDevice(server, memory);
});
afterAll(() => server[Symbol.asyncDispose]());

test("where WhatsApp's name leads to this machine nothing is dialled, and without the look at addresses it would be", async () => {
  let arrived = 0;
  const socket = { open: (each: Bun.Socket) => void (arrived++, each.end()), data: () => {} };
  using listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket });
  const socketUrl = `wss://web.whatsapp.com:${listener.port}/ws/chat`;
  const lookup = async (): Promise<readonly string[]> => ["127.0.0.1"];
  const connect = async (guard: object): Promise<string> => {
    const channel = openWhatsApp(server, { memory, socketUrl, connection: { guard } });
    await using running = await runChannel(channel, { chat: "" });
    return String(await running.over);
  };
  expect(await connect({ lookup })).toContain("an address that is not on the open internet");
  expect(arrived).toBe(0);
  expect(await connect({ lookup, allowsAddress: () => true })).toContain("cannot be reached");
  expect(arrived).toBe(1);
  listener.stop(true);
  // Why there is none is said, and not only that there is none.
  expect(await connect({ lookup, allowsAddress: () => true })).toContain("no connection (ECONNREFUSED)");
});

test("through the owner's proxy go the connection and the files, by their names", async () => {
  using proxy = new ConnectProxy();
  const { port } = new URL(server.url);
  const socketUrl = `ws://chat.test:${port}/ws/chat`;
  const channel = openWhatsApp(server, { memory, socketUrl, proxy: proxy.url });
  await using running = await runChannel(channel, { chat: server.contact("c1").phoneId });
  await server.say({ from: "c1", text: "through" });
  expect(running.received).toMatchObject([{ text: "through" }]);
  expect(await running.send("and back")).toMatchObject({ type: "sent" });
  const reference = JSON.stringify({ path: "/a", key: "AA==", kind: "Image", hash: "AA==" });
  await expect(fetchMedia(reference, { base: officialMedia, proxy: proxy.url }, never)).rejects.toThrow(
    "could not be fetched",
  );
  expect(proxy.asked).toEqual([`chat.test:${port}`, "mmg.whatsapp.net:443"]);
});

test("of WhatsApp's hosts each may be asked, and no other that only looks like one", () => {
  const { allow } = createGuard("https://mmg.whatsapp.net", undefined);
  const hosts = ["mmg.whatsapp.net", "media-fra3-1.cdn.whatsapp.net", "web.whatsapp.com"];
  const others = [
    "whatsapp.net.evil.test",
    "evilwhatsapp.net",
    "127.0.0.1",
    "localhost",
    "whatsapp.com.",
    "",
  ];
  expect([...hosts, ...others].filter((host) => allow(host, 443))).toEqual(hosts);
  expect(allow("web.whatsapp.com", 22)).toBe(false);
});

test("what the library fetches by itself goes to WhatsApp's hosts only, and would go anywhere without that", async () => {
  await using private_ = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("a secret") });
  const text = `const seen = await fetch("${private_.url.href}").then((r) => r.text(), (error) => String(error));
export const initAuthCreds = () => ({}), proto = 1, BufferJSON = 1, decodeMessageNode = 1, addTransactionCapability = 1;
export function makeWASocket() { throw new Error(seen); }`;
  const plugins = await mkdtemp(join(tmpdir(), "whatsapp-fetch-"));
  await using _ = { [Symbol.asyncDispose]: () => rm(plugins, { recursive: true }) };
  await Bun.write(join(plugins, "baileys.mjs"), text);
  const sha256 = toSha256(new TextEncoder().encode(text));
  writePlugins(plugins, [{ name: "baileys", version: "7.0.0-rc14", file: "baileys.mjs", sha256 }]);
  const command = [process.execPath, "--no-env-file", join(import.meta.dir, "../../main.ts")];
  await using library = openLibraryProcess({ command, plugins });
  library.order({ type: "begin", plugins, url: server.url, state: {} });
  let reason = "";
  for await (const report of library.reports) {
    if (report.type !== "closed") continue;
    ({ reason } = report);
    break;
  }
  expect(reason).toContain("is not allowed");
  expect(await (await fetch(private_.url)).text()).toBe("a secret");
  const guarded = createGuardedFetch(createGuard("https://mmg.whatsapp.net", undefined));
  await expect(guarded(private_.url)).rejects.toMatchObject({ code: "denied" });
});
