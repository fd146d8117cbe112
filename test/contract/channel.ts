import { expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { Channel, IncomingMessage, Receipt } from "../../src/channels/channel.ts";

/** A channel and the platform behind it, as a stand-in plays it. */
export interface ChannelUnderTest extends AsyncDisposable {
  readonly channel: Channel;
  /** A person writes. Resolves with whether the platform was told that we have it. */
  write(message: { readonly chat: string; readonly id: string; readonly text: string }): Promise<boolean>;
  /** What a person sees in a chat. */
  read(chat: string): Promise<readonly string[]>;
  /** What is read where this was written: marks that the platform shows as such are no words any more. */
  readonly toSeen?: (text: string) => string;
  /** Breaks the connection, where there is one. */
  readonly disconnect?: () => void;
  /** The next send reaches the platform and its answer is lost. */
  readonly loseNextAnswer?: () => void;
  /** The next send does not reach the platform. */
  readonly refuseNextConnection?: () => void;
  /** The platform asks to be left alone for so long. */
  readonly slowDown?: (ms: number) => void;
  /** The platform says no to the next send. */
  readonly refuseNext?: () => void;
  /** With buttons: a person presses one below a reply that has this key. */
  readonly press?: (chat: string, key: string, option: number) => Promise<unknown>;
  /** With files: what a person can save, in its order. */
  readonly readFiles?: (chat: string) => Promise<readonly SeenFile[]>;
  /** With reactions: the signs under a message of the chat. */
  readonly readSigns?: (chat: string, message: string) => Promise<readonly string[]>;
}

export interface SeenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What stands below it. */
  readonly text: string;
}

const accepted: Receipt = { type: "accepted", message: 1 };

/** What every `Channel` promises. */
export function testChannel(name: string, open: () => Promise<ChannelUnderTest>): void {
  test(`${name}: what a person writes arrives as it was written, and once`, async () => {
    await using under = await open();
    await using started = await start(under);
    const text = "Grüße 🙂\n  two spaces, a \t tab and 你好 \u202e";
    expect(await under.write({ chat: "c1", id: "m1", text })).toBe(true);
    expect(started.received).toHaveLength(1);
    expect(started.received[0]).toMatchObject({ chat: "c1", id: "m1", text });
    expect(started.received[0]?.sender.id).not.toBe("");
  });

  test(`${name}: the platform is told nothing before the message is on disk`, async () => {
    await using under = await open();
    const disk = Promise.withResolvers<Receipt>();
    await using started = await start(under, () => disk.promise);
    let isAcknowledged = false;
    const written = under.write({ chat: "c1", id: "m1", text: "hi" }).then(() => (isAcknowledged = true));
    await started.arrival;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(isAcknowledged).toBe(false);
    disk.resolve(accepted);
    await written;
  });

  test(`${name}: a message that could not be written is not acknowledged, and is taken when it comes again`, async () => {
    await using under = await open();
    let failures = 1;
    await using started = await start(under, async () => {
      if (failures-- > 0) throw new Error("the disk is full");
      return accepted;
    });
    const first = under.write({ chat: "c1", id: "m1", text: "hi" });
    await started.arrival;
    // A platform that pushes sees a failure and sends again by itself; one that is polled keeps it.
    if (under.disconnect === undefined) {
      expect(await first).toBe(false);
      expect(await under.write({ chat: "c1", id: "m1", text: "hi" })).toBe(true);
    } else {
      under.disconnect();
      await started.over;
      await using again = await start(under);
      expect(await first).toBe(true);
      expect(again.received).toHaveLength(1);
    }
  });

  test(`${name}: messages of one chat arrive in their order`, async () => {
    await using under = await open();
    await using started = await start(under);
    for (let n = 0; n < 20; n++) await under.write({ chat: "c1", id: `m${n}`, text: String(n) });
    expect(started.received.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
  });

  test(`${name}: a reply is seen in its chat, as it was written`, async () => {
    await using under = await open();
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    const text = "a *b* _c_ `d` <b>e</b> & [f](g) 你好 🙂";
    expect(await send(under, "c1", 1, text)).toMatchObject({ type: "sent" });
    expect(await under.read("c1")).toEqual([under.toSeen?.(text) ?? text]);
    expect(await under.read("c2")).toEqual([]);
  });

  test(`${name}: a reply sent twice with one key is seen once where the channel says so`, async () => {
    await using under = await open();
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    await send(under, "c1", 1, "once");
    expect(await send(under, "c1", 1, "once")).toMatchObject({ type: "sent" });
    expect((await under.read("c1")).length).toBe(under.channel.traits.isIdempotent ? 1 : 2);
  });

  test(`${name}: a text as long as the channel says is taken whole`, async () => {
    await using under = await open();
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    const text = "x".repeat(under.channel.traits.maxCharacters);
    expect(await send(under, "c1", 1, text)).toMatchObject({ type: "sent" });
    expect((await under.read("c1"))[0]?.length).toBe(text.length);
  });

  test(`${name}: start ends when it is told to, at once`, async () => {
    await using under = await open();
    const started = await start(under);
    const began = performance.now();
    await started[Symbol.asyncDispose]();
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test(`${name}: a send whose signal has aborted settles, and never rejects`, async () => {
    await using under = await open();
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    const signal = AbortSignal.abort(new Error("the end"));
    const result = await under.channel.send("c1", { id: 1, key: "k1", text: "late" }, signal);
    expect(["sent", "not-sent", "unknown"]).toContain(result.type);
  });

  test(`${name}: a lost connection is told by a rejection, and the next start works`, async () => {
    await using under = await open();
    if (under.disconnect === undefined) return;
    const started = await start(under);
    under.disconnect();
    expect(await started.over).toBeInstanceOf(Error);
    await using again = await start(under);
    await under.write({ chat: "c1", id: "m2", text: "back" });
    expect(again.received.map(({ text }) => text)).toContain("back");
  });

  test(`${name}: what became of a send is told apart`, async () => {
    await using under = await open();
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    if (under.loseNextAnswer !== undefined) {
      under.loseNextAnswer();
      expect(await send(under, "c1", 1, "one")).toMatchObject({ type: "unknown" });
      expect(await under.read("c1")).toEqual(["one"]);
    }
    if (under.refuseNextConnection !== undefined) {
      under.refuseNextConnection();
      expect(await send(under, "c1", 2, "two")).toMatchObject({ type: "not-sent" });
      expect(await under.read("c1")).not.toContain("two");
    }
    if (under.refuseNext !== undefined) {
      under.refuseNext();
      expect(await send(under, "c1", 3, "three")).toMatchObject({ type: "refused" });
    }
    if (under.slowDown !== undefined) {
      under.slowDown(1500);
      expect(await send(under, "c1", 4, "four")).toMatchObject({ type: "wait", ms: 1500 });
    }
  });

  test(`${name}: an edit changes what stands there, and adds nothing`, async () => {
    await using under = await open();
    const { edit } = under.channel;
    if (edit === undefined) return;
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    const sent = await send(under, "c1", 1, "first words");
    if (sent.type !== "sent" || sent.platformId === undefined) throw new Error("an edit needs a platform id");
    const reply = { id: 1, key: "k1", text: "the last words" };
    expect(await edit.edit("c1", sent.platformId, reply, new AbortController().signal)).toMatchObject({
      type: "sent",
    });
    expect(await under.read("c1")).toEqual(["the last words"]);
  });

  test(`${name}: a question shows its options, and a press says which was chosen`, async () => {
    await using under = await open();
    const { ask } = under.channel;
    if (ask === undefined || under.press === undefined) return;
    await using started = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    const reply = { id: 1, key: "k1", text: "Tea or coffee?" };
    const options = ["Tea", "Coffee, *strong* <b>"];
    const { signal } = new AbortController();
    expect(await ask.ask("c1", reply, options, signal)).toMatchObject({ type: "sent" });
    expect((await under.read("c1"))[0]).toContain("Tea or coffee?");
    await under.press("c1", "k1", 1);
    expect(started.received.at(-1)).toMatchObject({ chat: "c1", press: { reply: "k1", option: 1 } });
    expect(started.received.at(-1)?.sender.id).not.toBe("");
  });

  test(`${name}: a file arrives byte for byte, with its name and its words`, async () => {
    await using under = await open();
    const { files } = under.channel;
    if (files === undefined || under.readFiles === undefined) return;
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    const bytes = Uint8Array.from({ length: 5000 }, (_unused, index) => (index * 7) % 256);
    const file = { name: "Bericht für “Anna”.pdf", mediaType: "application/pdf", bytes };
    const reply = { id: 1, key: "k1", text: "Here it is." };
    const { signal } = new AbortController();
    expect(await files.send("c1", reply, file, signal)).toMatchObject({ type: "sent" });
    await files.send("c1", reply, file, signal);
    const seen = await under.readFiles("c1");
    expect(seen).toHaveLength(under.channel.traits.isIdempotent ? 1 : 2);
    expect(seen[0]?.text).toBe("Here it is.");
    expect(seen[0]?.name).toBe(file.name);
    expect(Buffer.compare(seen[0]?.bytes ?? new Uint8Array(), bytes)).toBe(0);
    const fetched = await files.fetch("nothing of that name", signal).catch((error: unknown) => error);
    expect(fetched).toBeInstanceOf(AppError);
  });

  test(`${name}: a sign stands under the message that it is for, and adds none`, async () => {
    await using under = await open();
    const { react } = under.channel;
    if (react === undefined || under.readSigns === undefined) return;
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    expect(await react.react("c1", "m1", "👍", new AbortController().signal)).toMatchObject({ type: "sent" });
    expect(await under.readSigns("c1", "m1")).toEqual(["👍"]);
    expect(await under.read("c1")).toEqual([]);
  });

  test(`${name}: a capability whose signal has aborted settles, and never rejects`, async () => {
    await using under = await open();
    await using _ = await start(under);
    await under.write({ chat: "c1", id: "m1", text: "hi" });
    const { ask, files, react, edit } = under.channel;
    const signal = AbortSignal.abort(new Error("the end"));
    const reply = { id: 1, key: "k1", text: "late" };
    const file = { name: "a", mediaType: "text/plain", bytes: new Uint8Array(1) };
    const results = await Promise.all([
      ask?.ask("c1", reply, ["a", "b"], signal),
      files?.send("c1", { ...reply, id: 2, key: "k2" }, file, signal),
      react?.react("c1", "m1", "👍", signal),
      edit?.edit("c1", "m1", reply, signal),
    ]);
    for (const result of results) {
      if (result !== undefined) expect(["sent", "not-sent", "unknown", "refused"]).toContain(result.type);
    }
  });
}

interface Started extends AsyncDisposable {
  readonly received: readonly IncomingMessage[];
  readonly arrival: Promise<void>;
  /** Resolves with the error, if it was one that ended it. */
  readonly over: Promise<Error | undefined>;
}

async function start(
  { channel }: ChannelUnderTest,
  receive: () => Promise<Receipt> = async () => accepted,
): Promise<Started> {
  const received: IncomingMessage[] = [];
  const arrival = Promise.withResolvers<void>();
  const connected = Promise.withResolvers<void>();
  const stop = new AbortController();
  const over = channel
    .start(
      {
        connected: () => connected.resolve(),
        receive: async (message) => {
          received.push(message);
          arrival.resolve();
          return await receive();
        },
      },
      stop.signal,
    )
    .then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
  await connected.promise;
  return {
    received,
    arrival: arrival.promise,
    over,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await over;
    },
  };
}

function send({ channel }: ChannelUnderTest, chat: string, id: number, text: string) {
  return channel.send(chat, { id, key: `k${id}`, text }, new AbortController().signal);
}
