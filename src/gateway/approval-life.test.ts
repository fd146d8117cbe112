import { describe, expect, test } from "bun:test";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { HeldProvider } from "../../test/fakes/held-provider.ts";
import { openAsked, openLocked, runs } from "../../test/fakes/locked-family.ts";
import { calling, createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { makeTemporaryFolder } from "../../test/fakes/temporary-store.ts";
import { settleAll } from "../../test/fakes/virtual-clock.ts";
import { defineTool } from "../tools/schema.ts";

const anna = { sender: { id: "anna" } } as const;

describe("what waits", () => {
  test("blocks nothing: the group goes on, and a yes that comes while a turn runs joins it", async () => {
    const provider = new HeldProvider();
    await using here = await openLocked(provider);
    const { platform } = here;
    await here.askAsBen("make it");
    await provider.waitForRequests(1);
    provider.answer(runs("echo made"));
    await provider.waitForRequests(2);
    provider.answer("It waits.");
    await platform.waitForReplies(2);
    await here.askAsBen("and something else");
    await provider.waitForRequests(3);
    const card = platform.seen.find(({ chat }) => chat === "owner");
    if (card === undefined) throw new Error("no card");
    await platform.press(card, 0, anna);
    provider.answer(calling({ id: "l", name: "list_files", arguments: "{}" }));
    await provider.waitForRequests(4);
    expect(JSON.stringify(provider.requests[3]?.messages.at(-1))).toContain(
      "The owner said yes to request #1",
    );
    provider.answer("Both done.");
    await platform.waitForReplies(4);
    await settleAll();
    expect(platform.textsOf("fam")).toEqual(["It waits.", "Both done."]);
    expect(await here.state()).toEqual([["done", "once"]]);
    expect(provider.requests).toHaveLength(4);
  });

  test("is a no after an hour, and the model hears of it; a yes that nobody could carry out for an hour is one too", async () => {
    await using here = await openAsked();
    await here.clock.advance(60 * 60_000);
    await here.platform.press(here.card, 0, anna);
    await here.platform.waitForReplies(3);
    expect(here.last()).toContain("does not wait any more: it is expired");
    await here.askAsBen("and?");
    await here.platform.waitForReplies(4);
    await settleAll();
    expect(await here.state()).toEqual([["done", null]]);
    expect(JSON.stringify(here.provider.requests.at(-1)?.messages)).toContain("has not answered request #1");
    expect(await here.carriedOut()).toBe(0);
  });

  test("waits across a restart; what was allowed before the end is done by the next process, once", async () => {
    await using here = await openAsked();
    await here.bench.stop();
    await here.bench.start();
    expect(await here.state()).toEqual([["pending", null]]);
    // The process ends between the decision and its effect.
    await here.bench.store.database.transaction(async (tx) => {
      await tx.run(
        "UPDATE approvals SET state = 'allowed', answer = 'once', decided_at = ?, decided_by = 'x'",
        here.clock.now(),
      );
    });
    await here.bench.stop();
    await here.bench.start();
    await here.platform.waitForReplies(3);
    expect(here.platform.textsOf("fam")).toEqual(["It waits.", "It is done."]);
    await here.bench.stop();
    await here.bench.start();
    await settleAll();
    expect([await here.carriedOut(), await here.state()]).toEqual([1, [["done", "once"]]]);
  });

  test("a call that had begun when the process ended is not run again, and the model is told so", async () => {
    await using here = await openAsked();
    await here.bench.stop();
    await here.bench.store.database.transaction(async (tx) => {
      await tx.run(
        `UPDATE approvals SET state = 'running', answer = 'once', decided_at = ?1, decided_by = 'x', used_at = ?1,
           carried_by = turn_id`,
        here.clock.now(),
      );
    });
    await here.bench.start();
    await here.platform.waitForReplies(3);
    await settleAll();
    expect(JSON.stringify(here.provider.requests.at(-1)?.messages.at(-1))).toContain(
      "it may or may not have happened",
    );
    expect([await here.carriedOut(), await here.state()]).toEqual([0, [["done", "once"]]]);
  });

  test("/stop drops what was allowed and not yet done", async () => {
    await using here = await openAsked();
    await here.bench.store.database.transaction((tx) => tx.run("UPDATE approvals SET state = 'allowed'"));
    await here.platform.deliver({ chat: "fam", isPrivate: false, ...anna, text: "/stop" });
    await here.platform.waitForReplies(3);
    expect((await here.state())[0]?.[0]).toBe("expired");
  });
});

describe("a yes is for what was shown", () => {
  test("a folder that was exchanged behind the same name makes another request of it", async () => {
    await using folder = await makeTemporaryFolder();
    const source = join(folder.path, "shared");
    await mkdir(source);
    const provider = createAnsweringProvider([runs("echo x"), saying("It waits."), saying("Asked again.")]);
    const mounts = [{ name: "shared", source, canWrite: true }];
    await using here = await openLocked(provider, {}, { mounts });
    await here.askAsBen("make it");
    await here.platform.waitForReplies(2);
    const card = here.platform.seen.find(({ chat }) => chat === "owner");
    if (card === undefined) throw new Error("no card");
    await rename(source, `${source}-away`);
    await mkdir(source);
    await here.platform.press(card, 0, anna);
    await here.platform.waitForReplies(5);
    await settleAll();
    expect(JSON.stringify(provider.requests.at(-1)?.messages.at(-1))).toContain("Waiting for approval #2");
    expect(await here.state()).toEqual([
      ["done", "once"],
      ["pending", null],
    ]);
    await rm(`${source}-away`, { recursive: true });
  });

  test("what goes out is what lay there when it was asked, whatever lies there now", async () => {
    const sent: string[] = [];
    let content = "harmless";
    const send = defineTool({
      name: "send_it",
      description: "sends",
      input: { type: "object", properties: { to: { type: "string" } }, required: ["to"] },
      effect: "outside",
      action: "files.write",
      bound: ["to"],
      freeze: async () => new TextEncoder().encode(content),
      title: () => "send",
      execute: async ({ to }, { outgoing }) => {
        sent.push(`${to}: ${new TextDecoder().decode(outgoing)}`);
        return { content: "sent" };
      },
    });
    const provider = createAnsweringProvider([
      calling({ id: "a", name: "send_it", arguments: '{"to":"ben"}' }),
      saying("It waits."),
      saying("Sent."),
    ]);
    await using here = await openLocked(provider, {}, { moreTools: () => [send] });
    await here.askAsBen("send it");
    await here.platform.waitForReplies(2);
    const card = here.platform.seen.find(({ chat }) => chat === "owner");
    if (card === undefined) throw new Error("no card");
    expect(card.text).toMatch(/8 bytes go out, as they are now \(SHA-256 [0-9a-f]{64}\)/);
    expect(card.options).toEqual(["Allow once", "Always for this group", "No"]);
    content = "the secret diary";
    await here.platform.press(card, 0, anna);
    await here.platform.waitForReplies(4);
    expect(sent).toEqual(["ben: harmless"]);
    await settleAll();
    expect(await here.bench.store.database.all("SELECT outgoing FROM approvals")).toEqual([
      { outgoing: null },
    ]);
  });
});

test("what is too large to lie in wait is refused, and nobody is asked", async () => {
  const send = defineTool({
    name: "send_it",
    description: "sends",
    input: { type: "object", properties: {} },
    effect: "outside",
    action: "files.write",
    freeze: async () => new Uint8Array(20_000_001),
    title: () => "send",
    execute: async () => ({ content: "sent" }),
  });
  const provider = createAnsweringProvider([
    calling({ id: "a", name: "send_it", arguments: "{}" }),
    saying("Refused."),
  ]);
  await using here = await openLocked(provider, {}, { moreTools: () => [send] });
  await here.askAsBen("send it");
  await here.platform.waitForReplies(1);
  expect(JSON.stringify(provider.requests[1]?.messages.at(-1))).toContain("too large to wait for him");
  expect(await here.state()).toEqual([]);
});

describe("the owner is not worn out", () => {
  test("the same call is the same request, five wait at most, and after three times no it is quiet for an hour", async () => {
    let n = 0;
    const provider = createAnsweringProvider([
      (request) => {
        const last = request.messages.at(-1);
        return last?.role === "tool" ? saying(last.content) : runs(`echo ${Math.floor(n++ / 2)}`);
      },
    ]);
    await using here = await openLocked(provider);
    const { platform } = here;
    /** What the model was told, as it repeats it. */
    async function ask(): Promise<string> {
      // As people write: who is quicker is held up before anything is asked.
      await here.clock.advance(60_000);
      const before = platform.textsOf("fam").length;
      await here.askAsBen("go");
      while (platform.textsOf("fam").length === before)
        await platform.waitForReplies(platform.seen.length + 1);
      return platform.textsOf("fam").at(-1) ?? "";
    }
    const answers: string[] = [];
    for (let round = 0; round < 12; round++) {
      answers.push(/#\d+|questions wait/.exec(await ask())?.[0] ?? "");
    }
    while (platform.textsOf("owner").length < 5) await platform.waitForReplies(platform.seen.length + 1);
    expect(answers).toEqual([
      "#1",
      "#1",
      "#2",
      "#2",
      "#3",
      "#3",
      "#4",
      "#4",
      "#5",
      "#5",
      ...Array(2).fill("questions wait"),
    ]);
    for (const card of platform.seen.filter(({ chat }) => chat === "owner").slice(0, 3)) {
      await platform.press(card, 1, anna);
    }
    expect(await ask()).toContain("said no 3 times within the hour");
    await here.clock.advance(60 * 60_000);
    expect(await ask()).toContain("approval #6");
  });
});
