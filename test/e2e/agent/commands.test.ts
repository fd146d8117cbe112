import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { newResults } from "../../fakes/llm-transcript.ts";
import { program, ProgramBench, shell, wires } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

async function openUnconfigured(
  options: Parameters<typeof ProgramBench.open>[0] = {},
): Promise<ProgramBench> {
  const bench = await ProgramBench.open(options);
  await unlink(join(bench.state, "config.json"));
  return bench;
}

describe("groups", () => {
  test("are added, listed and shown, for people and for programs", async () => {
    await using bench = await ProgramBench.open({ script: [{ text: "ok" }] });
    const added = await bench.run(["groups", "add", "family", "--json"]);
    expect(JSON.parse(added.out)).toMatchObject({ name: "family", sessions: 0, entries: 0 });
    await bench.ask("hi", "-g", "family");
    const list: readonly { readonly name: string }[] = JSON.parse(
      (await bench.run(["groups", "list", "--json"])).out,
    );
    expect(list.map(({ name }) => name)).toEqual(["main", "family"]);
    const shown = await bench.run(["groups", "show", "family", "--json"]);
    expect(JSON.parse(shown.out)).toMatchObject({
      name: "family",
      folder: join(bench.state, "groups/family"),
      sessions: 1,
      entries: 2,
    });
    expect((await bench.run(["groups", "list"])).out).toMatch(
      /^NAME +CHATS +SESSIONS +ENTRIES\nmain .*\nfamily +0 +1 +2\n$/,
    );
  });

  test("that exist, that cannot be named so and that are not there are told apart", async () => {
    await using bench = await ProgramBench.open();
    await bench.run(["groups", "add", "family"]);
    expect(await bench.run(["groups", "add", "family"])).toMatchObject({ code: 1 });
    expect(await bench.run(["groups", "add", "FAMILY"])).toMatchObject({ code: 1 });
    for (const name of ["../x", "", "-x", "a/b", "x".repeat(65), "ä"]) {
      expect(await bench.run(["groups", "add", "--", name])).toMatchObject({ out: "", code: 2 });
    }
    const unknown = await bench.run(["groups", "show", "famly"]);
    expect(unknown).toMatchObject({ out: "", code: 1 });
    expect(unknown.err).toContain("Did you mean family?");
    expect(bench.query("SELECT count(*) AS groups FROM groups")).toEqual([{ groups: 2 }]);
  });
});

describe("status", () => {
  test("says what is there, changes nothing, and never shows a key", async () => {
    await using bench = await openUnconfigured();
    const before = await bench.run(["status", "--json"], { env: { ANTHROPIC_API_KEY: bench.key } });
    expect(JSON.parse(before.out)).toMatchObject({
      home: bench.state,
      config: { state: "absent" },
      sandbox: { isAvailable: true },
      groups: [],
      problems: [],
    });
    expect(await Array.fromAsync(new Bun.Glob("**").scan({ cwd: bench.state, onlyFiles: false }))).toEqual(
      [],
    );
    const text = await bench.run(["status"], { env: { ANTHROPIC_API_KEY: bench.key } });
    expect(text.out).toMatch(/Anthropic +✓ key from environment ← in use/);
    expect(text).toMatchObject({ err: "", code: 0 });
  });

  test("with a configuration that is broken says where, and still answers", async () => {
    await using bench = await ProgramBench.open();
    await Bun.write(join(bench.state, "config.json"), '{"limits": {"steps": }');
    const { out, code } = await bench.run(["status", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ config: { state: "invalid" } });
    expect(JSON.parse(out).problems.join("\n")).toContain("config.json");
    expect(code).toBe(0);
    expect((await bench.ask("hi")).err).toContain("config.json");
  });
});

describe("config", () => {
  test("is read, set, checked and unset; what is wrong is refused and named", async () => {
    await using bench = await ProgramBench.open();
    const file = join(bench.state, "config.json");
    expect((await bench.run(["config", "path"])).out).toBe(`${file}\n`);
    expect((await bench.run(["config", "set", "limits.steps", "7"])).code).toBe(0);
    expect((await bench.run(["config", "get", "limits.steps"])).out).toBe("7\n");
    const before = await Bun.file(file).text();
    const mistyped = await bench.run(["config", "set", "limits.stepz", "7"]);
    expect([mistyped.out, mistyped.code]).toEqual(["", 2]);
    expect(mistyped.err).toContain('did you mean "steps"?');
    expect((await bench.run(["config", "set", "limits.steps", "many"])).code).toBe(2);
    expect(await Bun.file(file).text()).toBe(before);
    expect((await bench.run(["config", "check"])).code).toBe(0);
    expect((await bench.run(["config", "unset", "limits.steps"])).code).toBe(0);
    expect((await bench.run(["config", "get", "limits.steps"])).out).toBe("40\n");
    await Bun.write(file, '{\n  "limits": { "stepz": 1 }\n}');
    const checked = await bench.run(["config", "check"]);
    expect(checked.code).toBe(1);
    expect(checked.out + checked.err).toMatch(/config\.json:2.*stepz/);
    expect((await bench.ask("hi")).code).toBe(1);
  });

  test("shows no key that stands in it", async () => {
    await using bench = await ProgramBench.open();
    for (const argv of [
      ["get"],
      ["get", "providers"],
      ["get", `providers.${bench.wire}.apiKey`],
      ["check"],
    ]) {
      expect((await bench.run(["config", ...argv])).code).toBe(0);
      // The bench looks for the key in all that is printed.
    }
  });

  test("prints its schema, which knows what it documents", async () => {
    await using bench = await ProgramBench.open();
    const schema = JSON.parse((await bench.run(["config", "schema"])).out);
    expect(schema.properties.limits.properties.steps.default).toBe(40);
  });
});

describe("onboard", () => {
  test.each(wires)(
    "--key-stdin checks the key at %s, keeps it in secrets.json, and the agent works",
    async (wire) => {
      await using bench = await openUnconfigured({ wire, script: () => ({ text: "ok" }) });
      const argv = ["onboard", "--key-stdin", "--provider", wire, "--api-base", bench.apiBase];
      const ran = await bench.run(argv, { stdin: `${bench.key}\n` });
      expect(ran).toMatchObject({ err: "", code: 0 });
      expect(ran.out).toContain("The key is in secrets.json.");
      expect(bench.server.otherRequests.map(({ path }) => path)).toEqual(["/v1/models"]);
      expect(await Bun.file(join(bench.state, "config.json")).text()).not.toContain(bench.key);
      expect((await Bun.file(join(bench.state, "secrets.json")).stat()).mode & 0o777).toBe(0o600);
      expect(await bench.ask("hi")).toEqual({ out: "ok\n", err: "", code: 0 });
    },
  );

  test("a key that is refused is not kept", async () => {
    await using bench = await openUnconfigured();
    const argv = ["onboard", "--key-stdin", "--provider", "anthropic", "--api-base", bench.apiBase];
    const ran = await bench.run(argv, { stdin: "sk-ant-canary-wrong-key-000000000000\n" });
    expect(ran.code).toBe(1);
    expect(ran.err + ran.out).toContain("Anthropic");
    expect(ran.err + ran.out).not.toContain("wrong-key");
    expect(await Bun.file(join(bench.state, "secrets.json")).exists()).toBe(false);
  });

  test("--demo gives a model that says what it is, and drives the real sandbox", async () => {
    await using bench = await openUnconfigured();
    expect((await bench.run(["onboard", "--demo"])).out).toContain("no language model");
    const ran = await bench.ask("run: id -un; pwd");
    expect(ran.out).toContain("agent\n/workspace");
    expect(ran.code).toBe(0);
    expect(bench.requests).toEqual([]);
  });

  test("without a model the demo answers and it is said", async () => {
    await using bench = await openUnconfigured();
    await bench.configure({ providers: {}, agents: {}, localServers: { discover: false } });
    const ran = await bench.ask("hello");
    expect(ran.err).toContain("No model is configured");
    expect(ran.out).toContain("no language model");
    expect(ran.code).toBe(0);
  });
});

describe("as claw", () => {
  const asClaw = ["bash", "-c", 'exec -a claw "$@"', "bash"];

  test("claw -m answers, and its own name stands in what it says", async () => {
    await using bench = await ProgramBench.open({
      script: [{ calls: [shell("echo hi")] }, { text: "Done." }],
    });
    expect(await bench.run(["-m", "go"], { under: asClaw })).toMatchObject({ out: "Done.\n", code: 0 });
    expect(newResults(bench.requests[1] ?? missing())[0]?.text).toBe("hi");
    expect((await bench.run(["agent", "--bogus"], { under: asClaw })).err).toContain("claw agent --help");
  });

  test("bare claw is the prompt claw>, whose talk is the same", async () => {
    await using bench = await ProgramBench.open({ script: () => ({ text: "So say I." }) });
    await using terminal = new PseudoTerminal([...asClaw, ...program], {
      cwd: bench.home,
      env: bench.env,
      patienceMs: 20_000,
    });
    await terminal.waitForPrompt("claw>");
    terminal.type("hello\r");
    await terminal.waitFor("So say I.");
    await terminal.waitForPrompt("claw>");
    terminal.type("/quit\r");
    expect(await terminal.process.exited).toBe(0);
    expect(bench.query("SELECT kind FROM entries")).toHaveLength(2);
  });
});

function missing(): never {
  throw new Error("It was never sent.");
}
