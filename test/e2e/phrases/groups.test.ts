import { expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStoreOf, seedChat, seedGroups } from "../../fakes/chat-seeds.ts";
import { sayYes } from "../../fakes/say-yes.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import type { Turn } from "../../fakes/llm-turn.ts";
import { shell } from "../../fakes/program-bench.ts";

/** Said to main by its owner, over the HTTP channel, to the whole program; the model is the only part that is played. */
interface Said {
  readonly gateway: GatewayProgram;
  /** Of the last turn: what each call came to, as the model reads it. */
  results(): readonly string[];
}

async function open(
  script: readonly Turn[],
  prepare: (gateway: GatewayProgram) => Promise<void> = async () => {},
) {
  const gateway = await GatewayProgram.open({ script });
  await prepare(gateway);
  await gateway.start();
  const said: Said = { gateway, results: () => toResults(gateway.bench.requests.at(-1)) };
  return { ...said, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const group = (input: Readonly<Record<string, unknown>>): Turn => ({
  calls: [{ name: "group", arguments: input }],
});

async function addGroups({ bench }: GatewayProgram, ...names: readonly string[]): Promise<void> {
  await seedGroups(bench.state, ...names);
}

test("@Andy join the Family Chat group", async () => {
  await using open_ = await open(
    [
      group({ action: "add", name: "family" }),
      group({ action: "bind", name: "family", chat: "Family Chat" }),
      { text: "I am in." },
    ],
    async (gateway) => {
      await using store = await openStoreOf(gateway.bench.state);
      await seedChat(store, { chat: "-100", title: "Family Chat" });
    },
  );
  const { gateway } = open_;
  expect(await gateway.ask("@Andy join the Family Chat group")).toBe("I am in.");
  expect(open_.results().join("\n")).toContain(
    "belongs to family now; everybody in it reads what is said there",
  );
  expect((await gateway.bench.run(["groups", "chats", "--all"])).out).toMatch(/Family Chat +family/);
  expect(existsSync(join(gateway.bench.state, "groups/family/AGENTS.md"))).toBe(true);
});

test("the first prompt of main, with all tools of a gateway, stays within its budget", async () => {
  await using open_ = await open([{ text: "Hello." }]);
  await open_.gateway.ask("hi");
  const { system, tools, messages } = open_.gateway.bench.requests[0]?.body ?? {};
  const tokens = countTokens([system, tools, messages].map((part) => JSON.stringify(part)).join("\n"));
  console.log(`prompt for "hi" in main, of a gateway: ${tokens} tokens`);
  expect(tokens).toBeLessThanOrEqual(3000);
});

test("list my groups", async () => {
  await using open_ = await open([group({ action: "list" }), { text: "main, family." }], (gateway) =>
    addGroups(gateway, "family"),
  );
  expect(await open_.gateway.ask("list my groups")).toBe("main, family.");
  expect(open_.results()[0]).toMatch(/^main: 1 chats.*\nfamily: 0 chats/);
});

test("Change the trigger word to @Bob", async () => {
  await using open_ = await open(
    [
      { calls: [{ name: "set_group", arguments: { trigger: "@Bob" } }] },
      { text: "I am Bob." },
      { text: "Bob listens." },
    ],
    (gateway) => addGroups(gateway, "family"),
  );
  const { gateway } = open_;
  const inChat = { chat: "f1", group: "family", isPrivate: false };
  expect(await gateway.ask("@Andy, change the trigger word to @Bob", inChat)).toBe("I am Bob.");
  expect(await gateway.ask("@Bob are you there?", inChat)).toBe("Bob listens.");
  // To the old name nobody answers.
  await gateway.post({ text: "@Andy are you there?", ...inChat });
  const story = (await gateway.bench.run(["why", "3"])).out;
  expect(story).toContain("overheard (it does not name @Bob)");
});

test("Remember in the future to make responses shorter and more direct", async () => {
  const style = "Shorter and more direct.";
  await using open_ = await open([
    group({ action: "set", name: "main", style }),
    { text: "It waits for you." },
    { text: "Done." },
    { text: "Yes." },
  ]);
  const { gateway } = open_;
  await gateway.ask("Remember in the future to make responses shorter and more direct");
  const card = (await gateway.replies()).find(({ text }) => text.includes("Request #1"));
  // What is shown is the change itself.
  expect(card?.text).toContain(`+ style: ${style}`);
  expect((await gateway.bench.run(["groups", "show", "main"])).out).not.toContain(style);
  await sayYes(gateway);
  await gateway.ask("Is it done?");
  const requests = gateway.bench.requests.map(({ body }) => body);
  const [first, last] = [requests[0], requests.at(-1)];
  expect(JSON.stringify(last?.["messages"])).toContain(style);
  // The prompt's cached part is the same bytes, tools included.
  for (const part of ["system", "tools"])
    expect(JSON.stringify(last?.[part])).toBe(JSON.stringify(first?.[part]));
});

test("send the team group a message that the meeting is at ten", async () => {
  await using open_ = await open(
    [
      { text: "Hello team." },
      { calls: [{ name: "send_message", arguments: { text: "The meeting is at ten.", to: "team" } }] },
      { text: "I told them." },
    ],
    (gateway) => addGroups(gateway, "team"),
  );
  const { gateway } = open_;
  await gateway.ask("@Andy hello", { chat: "t1", group: "team", isPrivate: false });
  expect(await gateway.ask("send the team group a message that the meeting is at ten")).toBe("I told them.");
  expect((await gateway.replies("t1")).map(({ text }) => text)).toEqual([
    "Hello team.",
    "The meeting is at ten.",
  ]);
  expect((await gateway.bench.run(["groups", "log", "team"])).out).toContain("The meeting is at ten.");
});

test("and from the terminal, through the gateway that runs", async () => {
  await using open_ = await open(
    [
      { text: "Hello team." },
      { calls: [{ name: "send_message", arguments: { text: "Ten o'clock.", to: "team" } }] },
      { calls: [{ name: "send_message", arguments: { text: "to nobody" } }] },
      { text: "I told them." },
    ],
    (gateway) => addGroups(gateway, "team"),
  );
  const { gateway } = open_;
  await gateway.ask("@Andy hello", { chat: "t1", group: "team", isPrivate: false });
  expect((await gateway.bench.ask("tell the team that it is ten o'clock")).out).toContain("I told them.");
  expect((await gateway.replies("t1")).map(({ text }) => text)).toEqual(["Hello team.", "Ten o'clock."]);
  expect(open_.results().at(-1)).toContain("The person is at the terminal and reads your answer");
});

test("Why did this message not get a response? What's in the recent logs?", async () => {
  const diagnose = (question: string): Turn => ({
    calls: [{ name: "diagnose", arguments: { question, checks: question.includes("logs") } }],
  });
  await using open_ = await open(
    [
      { text: "Hello." },
      diagnose("why no response?"),
      { text: "It did not name me." },
      diagnose("recent logs?"),
      { text: "All well." },
    ],
    (gateway) => addGroups(gateway, "family"),
  );
  const { gateway } = open_;
  const inChat = { chat: "f1", group: "family", isPrivate: false };
  await gateway.ask("@Andy hello", inChat);
  await gateway.post({ text: "what is for dinner?", ...inChat });
  expect(await gateway.ask("Why did this message not get a response?")).toBe("It did not name me.");
  const [told = ""] = open_.results();
  expect(told).toContain("#2");
  expect(told).toContain("overheard (it does not name @Andy)");
  expect(told).not.toContain("what is for dinner?");
  await gateway.ask("What's in the recent logs?");
  expect(open_.results().at(-1)).toContain("info gateway serves");
  expect(open_.results().at(-1)).toContain("backup: warning: There is no backup");
});

test("remove the old group", async () => {
  await using open_ = await open(
    [group({ action: "remove", name: "old" }), { text: "You have to say yes." }],
    (gateway) => addGroups(gateway, "old"),
  );
  const { gateway } = open_;
  expect(await gateway.ask("remove the old group")).toBe("You have to say yes.");
  expect(open_.results()[0]).toContain("Waiting for approval #1");
  expect((await gateway.bench.run(["groups", "list"])).out).toContain("old");
  // The owner himself, at the terminal, while the gateway runs.
  expect((await gateway.bench.run(["groups", "remove", "old", "--yes"])).code).toBe(0);
  expect((await gateway.post({ text: "hi", group: "old" })).error).toContain('no group "old"');
});

test("send me the report as a file, and let me choose", async () => {
  await using open_ = await open([
    { calls: [shell("printf 'a,b\\n1,2\\n' > report.csv")] },
    { calls: [{ name: "send_file", arguments: { path: "report.csv", caption: "Here." } }] },
    { calls: [{ name: "ask_user", arguments: { question: "More?", options: ["Yes", "No"] } }] },
    { text: " " },
    { text: "Then no more." },
  ]);
  const { gateway } = open_;
  await gateway.ask("send me the report as a file");
  const replies = (await (await gateway.request("/api/replies")).json()) as {
    replies: { text: string; options?: string[]; file?: { path: string; name: string; bytes: number } }[];
  };
  const [file, question] = replies.replies;
  expect(file).toMatchObject({ text: "Here.", file: { name: "report.csv", bytes: 8 } });
  const fetched = await gateway.request(file?.file?.path ?? "");
  expect(await fetched.text()).toBe("a,b\n1,2\n");
  expect(fetched.headers.get("content-disposition")).toStartWith("attachment;");
  expect((await fetch(`${gateway.address}${file?.file?.path}`)).status).toBe(401);
  expect(question).toMatchObject({
    options: ["Yes", "No"],
    text: "Question from the assistant: More?\n1. Yes\n2. No",
  });
  expect(await gateway.ask("2")).toBe("Then no more.");
  expect(JSON.stringify(gateway.bench.requests.at(-1)?.body["messages"])).toContain('"text":"No"');
  await gateway.stop();
  // For whoever fetches it later, it is still there after a restart.
  await gateway.start();
  expect((await gateway.request(file?.file?.path ?? "")).status).toBe(200);
  expect((await readdir(join(gateway.bench.state, "spool"))).length).toBe(1);
});

test("a link to a secret of the host sends nothing of it, and a pipe holds nobody up", async () => {
  let secret = "";
  let turn = 0;
  await using gateway = await GatewayProgram.open({
    script: () => {
      turn += 1;
      const paths = ["link", `../../../../../..${secret}`, secret, "pipe"];
      const path = paths[turn - 2];
      if (turn === 1) return { calls: [shell(`ln -s ${secret} link; mkfifo pipe; ls`)] };
      return path === undefined
        ? { text: "I cannot." }
        : { calls: [{ name: "send_file", arguments: { path } }] };
    },
  });
  secret = join(gateway.bench.root, "secret.txt");
  await writeFile(secret, "canary-of-the-host");
  await gateway.start();
  expect(await gateway.ask("send it")).toBe("I cannot.");
  const [made, ...results] = toResults(gateway.bench.requests.at(-1));
  expect(made).toBe("link\npipe");
  expect(results).toHaveLength(4);
  expect(results[0]).toContain("is a link to something that does not exist");
  expect(results.slice(1, 3).join()).toMatch(/There is no file.*There is no file/);
  expect(results[3]).toContain("is a pipe, socket or device");
  expect(await readdir(join(gateway.bench.state, "spool")).catch(() => [])).toEqual([]);
});

function toResults(request: LlmRequest | undefined): readonly string[] {
  const messages: unknown = request?.body["messages"];
  if (!Array.isArray(messages)) return [];
  const parts = messages.flatMap((message: { content?: unknown }) =>
    Array.isArray(message.content) ? message.content : [],
  );
  return parts.flatMap((part: { type?: string; content?: unknown }) =>
    part.type === "tool_result" ? [toText(part.content)] : [],
  );
}

function toText(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? "").join("") : "";
}
