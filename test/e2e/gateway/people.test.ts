import { expect, test } from "bun:test";
import { join } from "node:path";
import { PlatformServer, type PlatformSender } from "../../fakes/platform-server.ts";
import { ProgramBench, sourceProgram, type RunningProgram } from "../../fakes/program-bench.ts";

const anna: PlatformSender = { id: "1", name: "Anna", isPrivate: true };
const ben: PlatformSender = { id: "555", name: "Ben", isPrivate: true };
const carl: PlatformSender = { id: "777", name: "Carl", isPrivate: true };

/** The real gateway with a chat app on loopback, which the configuration calls telegram. */
class ChatApp implements AsyncDisposable {
  readonly bench: ProgramBench;
  readonly platform = new PlatformServer({ isIdempotent: true, seed: 1 });
  #gateway: RunningProgram | undefined;

  static async open(): Promise<ChatApp> {
    const bench = await ProgramBench.open({
      script: (_, n) => ({ text: `Answer ${n + 1}.` }),
      config: { gateway: { port: 0 } },
    });
    const app = new ChatApp(bench);
    const driver = [...sourceProgram.slice(0, -1), join(import.meta.dir, "../../fakes/gateway-driver.ts")];
    const address = `http://127.0.0.1:${app.platform.port}`;
    const program = [...driver, address, "idempotent", "as-telegram", "--json", "--logs"];
    app.#gateway = bench.start([], { program });
    await app.gateway.waitForOut('"ready"');
    return app;
  }

  constructor(bench: ProgramBench) {
    this.bench = bench;
  }

  get gateway(): RunningProgram {
    if (this.#gateway === undefined) throw new Error("the gateway was not started");
    return this.#gateway;
  }

  /** What is shown in the chat next after somebody wrote there. */
  async hear(chat: string, text: string, from: PlatformSender): Promise<string> {
    const before = this.#textsOf(chat).length;
    this.platform.say(chat, text, from);
    return await this.next(chat, before);
  }

  /** What is shown in the chat after the first `count` replies. */
  async next(chat: string, count: number): Promise<string> {
    await until(() => this.#textsOf(chat).length > count);
    return this.#textsOf(chat)[count] ?? "";
  }

  async run(line: string): Promise<string> {
    const { out, err } = await this.bench.run(line.split(" "));
    return out + err;
  }

  /** Why the last message was declined, once there are so many. */
  async whyDeclined(messages: number): Promise<unknown> {
    const sql = "SELECT id, reason FROM messages WHERE state = 'declined' ORDER BY id DESC";
    await until(() => this.bench.query(sql)[0]?.["id"] === messages);
    return this.bench.query(sql)[0]?.["reason"];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
    await this.platform[Symbol.asyncDispose]();
  }

  #textsOf(chat: string): string[] {
    return this.platform.shown.filter((each) => each.chat === chat).map(({ text }) => text);
  }
}

test("an owner pairs, a stranger asks, is let in, answered and put out again", async () => {
  await using app = await ChatApp.open();
  const { code } = JSON.parse(await app.run("people pair --json"));
  expect(await app.hear("1", `/start ${code}`, anna)).toContain("You are my owner");
  expect(await app.hear("1", "hello", anna)).toBe("Answer 1.");
  expect(JSON.stringify(app.bench.requests.map(({ body }) => body))).not.toContain(code);

  expect(await app.hear("555", "may I?", ben)).toContain("nanoclaw people allow 2");
  expect(await app.next("1", 2)).toContain("“Ben” (telegram, person 2) has written");
  expect(await app.run("people list")).toMatch(/^ +2 {2}Ben +telegram:555 +stranger/m);

  const said = await app.run("people allow telegram:555");
  expect(said).toContain("✓ Ben (telegram, person 2) may write, in a group of their own: telegram-2.");
  expect(said).toContain("They are told there now.");
  expect(await app.next("555", 1)).toContain("You may write to me now.");
  expect(await app.hear("555", "thanks", ben)).toBe("Answer 2.");
  expect(await app.run("groups list")).toContain("telegram-2");
  expect(await app.run("people show 2")).toContain("member of telegram-2");

  expect(await app.run("people remove 2")).toContain(
    "is a stranger from now on, and was a member of telegram-2",
  );
  app.platform.say("555", "still there?", ben);
  expect(await app.whyDeclined(5)).toBe("the chat belongs to no group");
  expect(await app.run("why 5")).toContain("declined (the chat belongs to no group)");
  expect(app.bench.requests).toHaveLength(2);
}, 30_000);

test("allowFrom is read again at once, and whoever it names has a group of his own", async () => {
  await using app = await ChatApp.open();
  app.platform.say("777", "hi", carl);
  expect(await app.whyDeclined(1)).toBe("the chat belongs to no group");
  const load = async (allowFrom: readonly string[], times: number): Promise<void> => {
    await app.bench.configure({ gateway: { port: 0 }, channels: { telegram: { allowFrom } } });
    const told = /the configuration was read again/g;
    await until(() => (app.gateway.err.match(told)?.length ?? 0) >= times);
  };
  await load(["+777"], 1);
  expect(await app.hear("777", "hi again", carl)).toBe("Answer 1.");
  expect(await app.run("people list")).toContain("member by allowFrom");
  expect((await app.run("people remove telegram:777")).trim()).toContain("take them off its allowFrom");
  await load([], 2);
  app.platform.say("777", "hello?", carl);
  expect(await app.whyDeclined(3)).toBe("the chat belongs to no group");
}, 30_000);

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error("it did not come about");
    await Bun.sleep(5);
  }
}
