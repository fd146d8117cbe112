import { afterAll, beforeAll, expect, test } from "bun:test";
import { proto } from "baileys";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { linkDevice, openWhatsApp, sessionKey, trust } from "../../../test/fakes/whatsapp/open-channel.ts";
import { FakeWhatsApp } from "../../../test/fakes/whatsapp/server.ts";
import { Secret } from "../../secret.ts";
import type { Channel, IncomingMessage } from "../channel.ts";
import { Session } from "./session.ts";

const { MESSAGE_EDIT: edited, REVOKE: revoked } = proto.Message.ProtocolMessage.Type;
const never = new AbortController().signal;
const server = new FakeWhatsApp();
const memory = createChannelMemory();
const group = "120363000000000001@g.us";

beforeAll(async () => {
  trust(server);
  await linkDevice(server, memory);
  server.groups.set(group, { subject: "Family", members: ["c1", "c2"] });
});
afterAll(() => server[Symbol.asyncDispose]());

test("whoever hides the number is known by it all the same, and the chat is one", async () => {
  await using running = await start();
  await server.say({ from: "c1", text: "hidden" });
  await server.say({ from: "c1", text: "shown", hidesNumber: false });
  expect(running.received.map(({ chat, sender, text }) => [chat, sender.id, text])).toEqual([
    ["15557770110@s.whatsapp.net", "15557770110", "hidden"],
    ["15557770110@s.whatsapp.net", "15557770110", "shown"],
  ]);
});

test("the owner is heard when he writes to himself, and never when he writes to others", async () => {
  await using running = await start();
  await server.say({ from: "owner", text: "note to self" });
  await server.say({ from: "owner", to: "c2", text: "between us" });
  await server.say({ from: "owner", group, text: "to the family" });
  expect(running.received).toMatchObject([
    {
      chat: "15550001@s.whatsapp.net",
      text: "note to self",
      isPrivate: true,
      sender: { id: "15550001", isOwner: true },
    },
  ]);
});

test("in a group a mention and an answer to us call for us, and what is answered is seen", async () => {
  await using running = await start();
  await server.say({ from: "c1", group, text: "just talking" });
  const contextInfo = { mentionedJid: [server.owner.hiddenId] };
  const text = `@${server.owner.hidden} what now?`;
  await server.say({ from: "c2", group, id: "Q1", message: { extendedTextMessage: { text, contextInfo } } });
  const quoted = {
    stanzaId: "X",
    participant: server.owner.hiddenId,
    quotedMessage: { conversation: "ours" },
  };
  await server.say({
    from: "c1",
    group,
    message: { extendedTextMessage: { text: "and this?", contextInfo: quoted } },
  });
  expect(running.received).toMatchObject([
    { chat: group, text: "just talking", isMention: false, isPrivate: false, sender: { id: "15557770110" } },
    { text: "what now?", isMention: true, id: `Q1/${server.contact("c2").hiddenId}` },
    { text: "and this?", isMention: true, quote: { text: "ours", from: "you" } },
  ]);
  const answers = running.received[1]?.id ?? "";
  await running.channel.send(group, { id: 1, key: "g1", text: "**this**", answers }, never);
  const shown = server.shown.find(({ chat }) => chat === group);
  expect(shown?.text).toBe("*this*");
  expect(shown?.message.extendedTextMessage?.contextInfo?.stanzaId).toBe("Q1");
});

test("a reaction, an edit and a message that was taken back arrive as what they are", async () => {
  await using running = await start();
  const key = { id: "M1", remoteJid: server.contact("c1").hiddenId };
  await server.say({ from: "c1", message: { reactionMessage: { key, text: "👍" } } });
  const editedMessage = { conversation: "better words" };
  await server.say({ from: "c1", message: { protocolMessage: { key, type: edited, editedMessage } } });
  await server.say({ from: "c1", message: { protocolMessage: { key, type: revoked } } });
  expect(running.received).toMatchObject([
    { text: "👍", reactionTo: "M1" },
    { text: "better words", editOf: "M1" },
    { text: "", editOf: "M1", note: "took back what was written" },
  ]);
});

test("what was sent along is fetched and decrypted; what was changed on its way, or leads elsewhere, is not taken", async () => {
  await using running = await start();
  const bytes = new TextEncoder().encode("a report");
  const file = { name: "report.txt", mediaType: "text/plain", bytes };
  await running.channel.files?.send(
    server.contact("c1").phoneId,
    { id: 1, key: "f1", text: "" },
    file,
    never,
  );
  const documentMessage = server.shown.findLast(({ message }) => message.documentMessage)?.message
    .documentMessage;
  await server.say({ from: "c1", message: { documentMessage: documentMessage ?? {} } });
  const [incoming] = running.received.at(-1)?.files ?? [];
  expect(incoming).toMatchObject({ kind: "document", name: "report.txt", bytes: 8 });
  const reference = incoming?.reference ?? "";
  const read = async (from: string): Promise<string> =>
    await new Response(await running.channel.files?.fetch(from, never)).text();
  expect(await read(reference)).toBe("a report");
  const place: { readonly path: string } = JSON.parse(reference);
  for (const path of ["//127.0.0.1:1/x", "http://127.0.0.1:1/x", "@127.0.0.1:1/x"]) {
    await expect(read(JSON.stringify({ ...place, path }))).rejects.toThrow("could not be fetched");
  }
  const stored = server.files.get(place.path);
  stored?.set([stored[0] === 1 ? 2 : 1], 0);
  await expect(read(reference)).rejects.toThrow("it is not what was sent");
});

test("a send whose answer is lost is in doubt, and sent again it is seen once", async () => {
  const chat = server.contact("c2").phoneId;
  {
    await using running = await start();
    server.fail({ type: "lose" });
    expect(await running.channel.send(chat, { id: 9, key: "lost", text: "once" }, never)).toMatchObject({
      type: "unknown",
    });
    expect(await running.over).toBeInstanceOf(Error);
  }
  await using running = await start();
  expect(await running.channel.send(chat, { id: 9, key: "lost", text: "once" }, never)).toMatchObject({
    type: "sent",
  });
  expect(server.textsOf("c2").filter((text) => text === "once")).toHaveLength(1);
});

test("a process that dies between a message and its receipt loses nothing, and needs nobody to send it again", async () => {
  const before = server.retries;
  {
    await using running = await start(async () => {
      throw new Error("the power is gone");
    });
    void server.say({ from: "c1", text: "on its way" });
    expect(await running.over).toBeInstanceOf(Error);
  }
  await using running = await start();
  await server.until(() => server.unreceived === 0);
  expect(running.received.map(({ text }) => text)).toEqual(["on its way"]);
  expect(server.retries).toBe(before);
});

test("what is due while the connection is being made does not leave, and does not disturb it", async () => {
  const channel = openWhatsApp(server, { memory });
  const stop = new AbortController();
  const connected = Promise.withResolvers<void>();
  const receive = async () => ({ type: "accepted", message: 1 }) as const;
  const over = channel.start({ receive, connected: () => connected.resolve() }, stop.signal);
  const results = new Set<string>();
  const sending = (async () => {
    for (let id = 1; !results.has("sent"); id++) {
      results.add(
        (await channel.send(server.contact("c1").phoneId, { id, key: "early", text: "early" }, never)).type,
      );
      await Bun.sleep(1);
    }
  })();
  await connected.promise;
  await sending;
  expect([...results]).toEqual(["not-sent", "sent"]);
  stop.abort();
  await over;
});

test("another program with this link is said, and what was kept under another key is not read", async () => {
  await using running = await start();
  server.end(440);
  expect(String(await running.over)).toContain("Another program uses this very link");
  expect(await new Session(memory, new Secret("another key")).read()).toEqual({});
  expect(JSON.stringify([...(await memory.readAll("session "))])).not.toContain("noiseKey");
  const [name] = [...(await memory.readAll("session ")).keys()];
  const before = (await memory.read(name ?? "")) ?? "";
  await memory.write(name ?? "", `${before.slice(0, -8)}AAAAAAA=`);
  await expect(new Session(memory, sessionKey).read()).rejects.toThrow("cannot be opened with the key");
  await memory.write(name ?? "", before);
});

interface Running extends AsyncDisposable {
  readonly channel: Channel;
  readonly received: readonly IncomingMessage[];
  readonly over: Promise<unknown>;
}

async function start(
  receive: () => Promise<{ readonly type: "accepted"; readonly message: number }> = async () => ({
    type: "accepted",
    message: 1,
  }),
): Promise<Running> {
  const channel = openWhatsApp(server, { memory });
  const received: IncomingMessage[] = [];
  const connected = Promise.withResolvers<void>();
  const stop = new AbortController();
  const over = channel
    .start(
      {
        connected: () => connected.resolve(),
        receive: async (message) => {
          received.push(message);
          return await receive();
        },
      },
      stop.signal,
    )
    .catch((error: unknown) => error);
  await connected.promise;
  return {
    channel,
    received,
    over,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await over;
    },
  };
}
