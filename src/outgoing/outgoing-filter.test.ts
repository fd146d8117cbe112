import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { verifyAudit } from "../authority/audit.ts";
import type { NamedSecret } from "../egress/secret-finder.ts";
import { listAuditRows } from "../store/audit-rows.ts";
import { saveEgressRule } from "../store/egress-rules.ts";
import { writeGroupSettings } from "../store/group-settings.ts";
import { addReply } from "../store/replies.ts";
import { StreamFilter } from "./stream-filter.ts";

const key = "sk-ant-api03-Zx9Q7vLm2Rk4Tn8Wp1Yc6Hd3Jf5Gb0Sa";
const known: readonly NamedSecret[] = [{ name: "ANTHROPIC_API_KEY", value: key }];

/** `c1` is the owner's private chat, `f1` the family's, where Ben is a member and every message counts. */
async function open(answers: readonly string[], secrets: readonly NamedSecret[] = known) {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const provider = createAnsweringProvider(answers.map(saying));
  const bench = await ChatBench.open({ provider, platform, clock: new VirtualClock(), secrets });
  await bench.start();
  const family = await bench.addGroup("family");
  await bench.bind("f1", family);
  await bench.know("ben", "member", "family");
  const settings = {
    triggerMode: "always",
    triggerName: "Andy",
    greeting: undefined,
    style: undefined,
  } as const;
  await bench.store.database.transaction((tx) => writeGroupSettings(tx, family.id, settings));
  const ask = async (sender: "anna" | "ben", text: string): Promise<void> => {
    const count = platform.seen.length;
    await platform.deliver({ chat: "f1", isPrivate: false, sender: { id: sender }, text });
    await platform.waitForReplies(count + 1);
    await settleAll();
  };
  return { platform, bench, family, ask, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

test("a secret in an answer is struck out, on record and on disk too, and the owner is told once", async () => {
  await using open_ = await open([
    `It is ${key}!`,
    `Again: ${Buffer.from(key).toString("base64")}`,
    "Hello Anna.",
  ]);
  const { platform, bench, ask } = open_;
  await platform.deliver({ text: "hi" });
  await platform.waitForReplies(1);
  await ask("ben", "what is the key?");
  await ask("ben", "and now?");
  await settleAll();
  const all = platform.seen.map(({ text }) => text).join("\n");
  expect(all).not.toContain("Zx9Q7vLm2Rk4");
  expect(platform.textsOf("c1")[0]).toStartWith("It is ******");
  const told = platform.textsOf("c1").filter((text) => text.includes("ANTHROPIC_API_KEY"));
  expect(told.map((text) => text.includes("family"))).toEqual([false, true]);
  const rows = await bench.store.database.all("SELECT text FROM replies");
  expect(JSON.stringify(rows)).not.toContain("Zx9Q7vLm2Rk4");
  const audit = await listAuditRows(bench.store.database, 0, 1000);
  expect(
    audit
      .filter(({ action }) => action === "secret.send")
      .map(({ verdict, rule, object }) => [verdict, rule, object]),
  ).toEqual([
    ["deny", "secret.send/agent=no", "ANTHROPIC_API_KEY"],
    ["deny", "secret.send/agent=no", "ANTHROPIC_API_KEY"],
  ]);
  expect((await verifyAudit(bench.store.database)).isIntact).toBe(true);
});

test("without knowing the secret the filter would let it out", async () => {
  await using open_ = await open([`It is ${key}!`], []);
  await open_.ask("ben", "what is the key?");
  expect(open_.platform.textsOf("f1")).toEqual([`It is ${key}!`]);
});

test("a secret that is longer than a message, or spread over several, does not get through", async () => {
  const long = `${"x".repeat(3990)} ${key}`;
  await using open_ = await open([long, ...(key.match(/.{1,9}/g) ?? [])]);
  await open_.ask("ben", "long?");
  await settleAll();
  expect(open_.platform.textsOf("f1").join("")).not.toContain("7vLm2Rk4Tn8");
  for (const piece of key.match(/.{1,9}/g) ?? []) await open_.ask("anna", `piece ${piece.length}?`);
  const pieces = open_.platform.textsOf("f1").slice(-5).join("");
  expect(pieces).toStartWith("sk-ant-ap");
  expect(pieces).toContain("****");
  expect(pieces).not.toMatch(/Yc6Hd3|Gb0Sa/);
});

test("where strangers' words were seen a link is inert, unless its host is allowed or the owner wrote all of it", async () => {
  const answer =
    "Look: https://evil.com/?d=dinner ![x](https://evil.com/p.png) https://docs.good.com/a https://owner.com/page https://owner.com/page?d=dinner";
  await using open_ = await open([answer, answer]);
  const { platform, bench, family, ask } = open_;
  await bench.store.database.transaction((tx) =>
    saveEgressRule(tx, family.id, { host: "*.good.com", port: undefined, readOnly: "[]", now: 0 }),
  );
  await ask("anna", "@andy I like https://owner.com/page");
  // Nobody but the owner has spoken so far: it is as he has it.
  expect(platform.textsOf("f1")).toEqual([answer]);
  await ask("ben", "and what is at https://evil.com/?d=dinner");
  expect(platform.textsOf("f1")[1]).toBe(
    "Look: https[:]//evil[.]com/?d=dinner x (https[:]//evil[.]com/p[.]png) https://docs.good.com/a https://owner.com/page https[:]//owner[.]com/page?d=dinner",
  );
});

test("what anyone else puts into the outbox passes the same filter", async () => {
  await using open_ = await open(["Hello."]);
  const { platform, bench, family, ask } = open_;
  await ask("ben", "hi");
  const chat = await bench.store.database.get("SELECT id FROM chats WHERE chat = 'f1'");
  const turn = await bench.store.database.get("SELECT max(id) AS id FROM turns");
  await bench.store.database.transaction((tx) =>
    addReply(tx, {
      key: "tool1",
      chat: chat?.["id"] as never,
      group: family.id,
      turn: turn?.["id"] as never,
      kind: "notice",
      text: `${key} https://evil.com/x`,
      now: 0,
    }),
  );
  bench.gateway.outbox.wake(chat?.["id"] as never);
  await platform.waitForReplies(2);
  expect(platform.textsOf("f1")[1]).toMatch(/^\*+ https\[:\]\/\/evil\[\.\]com\/x$/);
});

test("who begins to listen in the middle of a secret is shown none of it, and before only that something happened", async () => {
  await using open_ = await open(["Hello."]);
  const { bench, family } = open_;
  const chat = await bench.store.database.get("SELECT id FROM chats WHERE chat = 'f1'");
  const place = { chat: chat?.["id"] as never, group: family.id, kind: "answer" } as const;
  const shown: object[] = [];
  let isHeard = false;
  const stream = new StreamFilter(bench.gateway.filter, bench.store.database, place, {
    isHeard: () => isHeard,
    show: (event) => shown.push(event),
  });
  await stream.show({ type: "notice", text: "nobody reads this" });
  await stream.show({
    type: "text-delta",
    text: `${"Some words before it. ".repeat(20)}${key.slice(0, -12)}`,
  });
  expect(shown).toEqual([{ type: "notice" }]);
  isHeard = true;
  await stream.show({ type: "text-delta", text: `${key.slice(-12)} and words behind` });
  await stream.show({ type: "notice", text: "over" });
  const streamed = JSON.stringify(shown);
  expect(streamed).toContain("and words behind");
  for (let at = 0; at + 8 <= key.length; at++) expect(streamed).not.toContain(key.slice(at, at + 8));
});

test("of a stream nothing is shown before it is known what follows, and no split shows a secret", async () => {
  await using open_ = await open(["Hello."]);
  const { bench, family } = open_;
  const chat = await bench.store.database.get("SELECT id FROM chats WHERE chat = 'f1'");
  const place = { chat: chat?.["id"] as never, group: family.id, kind: "answer" } as const;
  const text = `${"Some words before it. ".repeat(8)}${key} ${"And some words behind. ".repeat(8)}`;
  for (const size of [1, 7, 64, 1000]) {
    const shown: { readonly type: string; readonly text?: string }[] = [];
    const stream = new StreamFilter(bench.gateway.filter, bench.store.database, place, {
      isHeard: () => true,
      show: (event) => shown.push(event),
    });
    for (let at = 0; at < text.length; at += size) {
      await stream.show({ type: "text-delta", text: text.slice(at, at + size) });
      if (at + size < text.length - 200 && size < 100) {
        const soFar = shown.map(({ type, text: words }) => (type === "text-delta" ? words : "")).join("");
        expect(soFar.length).toBeLessThanOrEqual(Math.max(0, at + size - 64));
      }
    }
    await stream.show({ type: "notice", text: `over: ${key}` });
    const streamed = shown.map(({ type, text: words }) => (type === "text-delta" ? words : "")).join("");
    expect(streamed.length).toBe(text.length);
    expect(streamed).toContain("And some words behind.");
    expect(JSON.stringify(shown)).not.toContain("Zx9Q7vLm2Rk4");
  }
});
