import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { program, ProgramBench, shell, type BenchOptions } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

/** The model makes this call when it is asked, says that it waits, and repeats what it is told came of it. */
function calling(call: ReturnType<typeof shell>): BenchOptions {
  return {
    script: ({ body }) => {
      const { messages } = body as { readonly messages: readonly unknown[] };
      const last = JSON.stringify(messages.at(-1));
      if (last.includes("Waiting for approval")) return { text: "It waits." };
      if (last.includes("The owner said yes")) return { text: "Carried out." };
      return JSON.stringify(messages).includes("The owner said no")
        ? { text: "Left undone." }
        : { calls: [call] };
    },
  };
}

const write = { name: "write_file", arguments: { path: "note", content: "one\u202etwo\u200bthree" } };

describe("a message without a terminal", () => {
  let bench: ProgramBench;
  beforeAll(async () => {
    bench = await ProgramBench.open(calling(write));
    expect((await bench.run(["policy", "set", "main", "locked"])).code).toBe(0);
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  test("ends with what waits and how to allow it; the yes runs it, once, and the assistant goes on", async () => {
    const asked = await bench.ask("write it");
    expect([asked.code, asked.out]).toEqual([0, "It waits.\n"]);
    expect(asked.err).toContain("Waits for your yes: #1 write note");
    expect(asked.err).toContain("nanoclaw approvals allow 1");
    expect(bench.query("SELECT state FROM approvals")).toEqual([{ state: "pending" }]);

    const listed = await bench.run(["approvals", "list"]);
    expect(listed.out).toMatch(/^#1 +main +until \d\d:\d\d +write note\n$/);
    const shown = await bench.run(["approvals", "show", "1"]);
    for (const part of [
      "Request #1 · group main",
      "write_file",
      "one⟨U+202E⟩two⟨U+200B⟩three",
      "This group is locked",
    ]) {
      expect(shown.out).toContain(part);
    }
    const json = JSON.parse((await bench.run(["approvals", "show", "1", "--json"])).out);
    expect(json).toMatchObject({ id: 1, group: "main", arguments: write.arguments, bound: { path: "note" } });

    const allowed = await bench.run(["approvals", "allow", "1"]);
    expect([allowed.code, allowed.out]).toEqual([0, "Carried out.\n"]);
    expect(await readFile(join(bench.state, "groups/main/workspace/note"), "utf8")).toBe(
      write.arguments.content,
    );
    const again = await bench.run(["approvals", "allow", "1"]);
    expect([again.code, again.err]).toEqual([
      1,
      expect.stringContaining("does not wait any more: it is done"),
    ]);
    // The word that makes an answer count, and who answered, are no business of the model's.
    expect(JSON.stringify(bench.requests.map(({ body }) => body))).not.toContain("/approve");
  });

  test("always holds for exactly the same file, and not for another; revoked, it is asked for again", async () => {
    await bench.ask("again");
    expect((await bench.run(["approvals", "allow", "2", "--always", "--yes"])).code).toBe(0);
    const free = await bench.run(["policy", "show"]);
    expect(free.out).toMatch(/ 1 +write_file \{"path":"note"\}/);
    expect(bench.query("SELECT count(*) AS count FROM approvals")).toEqual([{ count: 2 }]);
    expect((await bench.run(["policy", "revoke", "main", "1"])).out).toContain("asks again");
    expect((await bench.run(["policy", "revoke", "main", "1"])).err).toContain("no permission 1");
  });

  test("a no is told to the model with the next message, and nothing was written", async () => {
    await bench.run(["agent", "-s", "other", "-m", "once more"]);
    const denied = await bench.run(["approvals", "deny", "3"]);
    expect([denied.code, denied.out]).toEqual([0, "✗ #3: refused.\n"]);
    const next = await bench.run(["agent", "-s", "other", "-m", "and?"]);
    expect(next.out).toBe("Left undone.\n");
  });
});

test.each([
  ["by itself", false],
  ["through a gateway", true],
])("at the prompt, %s, it is shown and asked at once, and goes on after a word", async (_, hasGateway) => {
  await using bench = await ProgramBench.open({
    ...calling(shell("echo $((6 * 7)) > answer")),
    config: { gateway: { port: 0 } },
  });
  await bench.run(["policy", "set", "main", "locked"]);
  const gateway = hasGateway ? bench.start(["gateway", "--json"]) : undefined;
  await gateway?.waitForOut('"ready"');
  await using terminal = new PseudoTerminal([...program], { cwd: bench.home, env: bench.env });
  await terminal.waitForPrompt();
  terminal.type("compute\r");
  await terminal.waitFor("allow? once · no:");
  expect(terminal.output).toContain("command: echo $((6 * 7)) > answer");
  expect(terminal.output).toContain("waits for #1");
  terminal.type("once\r");
  await terminal.waitFor("Carried out.");
  await terminal.waitForPrompt();
  expect(await readFile(join(bench.state, "groups/main/workspace/answer"), "utf8")).toBe("42\n");
  terminal.type("/approvals\r");
  await terminal.waitFor("Nothing waits for your yes.");
  terminal.type("\u0004");
  expect(await terminal.process.exited).toBe(0);
  gateway?.kill("SIGTERM");
  await gateway?.ended;
});

test("a single message at a terminal asks with one key; anything but y is no", async () => {
  await using bench = await ProgramBench.open(calling(shell("echo x >> log")));
  await bench.run(["policy", "set", "main", "locked"]);
  const log = (): Promise<string> =>
    readFile(join(bench.state, "groups/main/workspace/log"), "utf8").catch(() => "");
  for (const [session, key, end] of [
    ["first", "y", "Carried out."],
    ["second", "\r", "[y/N] n"],
  ] as const) {
    await using terminal = new PseudoTerminal([...program, "agent", "-s", session, "-m", "go"], {
      cwd: bench.home,
      env: bench.env,
    });
    await terminal.waitFor("Allow once? [y/N]");
    terminal.type(key);
    await terminal.waitFor(end);
    expect(await terminal.process.exited).toBe(0);
    expect(await log()).toBe("x\n");
  }
  expect(bench.query("SELECT answer FROM approvals ORDER BY id")).toEqual([
    { answer: "once" },
    { answer: "no" },
  ]);
});
