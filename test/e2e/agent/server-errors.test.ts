import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Fault } from "../../fakes/llm-turn.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { parseEvents, ProgramBench, shell, wires } from "../../fakes/program-bench.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

const labels = { anthropic: "Anthropic", openai: "OpenAI" } as const;

describe.each(wires)("over the %s wire", (wire) => {
  test.concurrent("a key that is refused names the provider and the remedy, and is asked about once", async () => {
    await using bench = await ProgramBench.open({ wire });
    const wrong = "sk-ant-canary-wrong-key-000000000000";
    await bench.configure({ providers: { [wire]: { apiBase: bench.apiBase, apiKey: wrong } } });
    const ran = await bench.ask("hi");
    expect(ran).toMatchObject({ out: "", code: 1 });
    expect(ran.err).toContain(labels[wire]);
    expect(ran.err).toContain("/login");
    expect(ran.err).not.toContain(wrong);
    expect(bench.requests).toHaveLength(1);
  });

  test.concurrent("a server that repeats the key in its words does not get it printed", async () => {
    await using bench = await ProgramBench.open({
      wire,
      script: (request) => {
        const key = request.headers["x-api-key"] ?? request.headers["authorization"] ?? "";
        return { fault: { type: "status", status: 403, message: `The key ${key} is bad` } };
      },
    });
    for (const argv of [[], ["--json"], ["--logs"]]) {
      const ran = await bench.ask("hi", ...argv);
      expect(ran.out + ran.err).toContain("[secret]");
      // The bench looks for the key itself, in all that was printed and kept.
    }
  });

  const passing: readonly (readonly [string, Fault])[] = [
    ["429 with a time to wait", { type: "status", status: 429, headers: { "retry-after": "0" } }],
    ["429 without one", { type: "status", status: 429 }],
    ["529", { type: "status", status: 529 }],
    ["500", { type: "status", status: 500 }],
    ["an answer cut before the first word", { type: "cut", afterBytes: 40 }],
    ["an answer that is not readable", { type: "malformed" }],
    ["an overload in the middle of the answer", { type: "error-event", code: "overloaded_error" }],
  ];
  test.concurrent.each(passing)("%s is tried again, and answered once", async (_name, fault) => {
    await using bench = await ProgramBench.open({
      wire,
      script: [{ thinking: "Hm. ".repeat(9), text: "x", fault }, { text: "Here." }],
    });
    const { out, err, code } = await bench.ask("hi", "--json");
    expect([err, code]).toEqual(["", 0]);
    const events = parseEvents(out);
    expect(events.filter(({ type }) => type === "retry")).toHaveLength(1);
    const spoken = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []));
    expect(spoken.join("")).toBe("Here.");
    expect(bench.requests).toHaveLength(2);
    expect(bench.query("SELECT kind FROM entries ORDER BY sequence")).toEqual([
      { kind: "user" },
      { kind: "assistant" },
    ]);
  });

  test.concurrent("an answer cut in the middle stays as it was seen, is not asked for again, and says so", async () => {
    const text = "one two three four five six seven eight nine ten";
    await using bench = await ProgramBench.open({
      wire,
      script: [
        { text, deltaSize: 4, fault: { type: "cut", afterBytes: 900, cleanly: true } },
        { text: "Next." },
      ],
    });
    const ran = await bench.ask("count");
    expect(text.startsWith(ran.out.trimEnd())).toBe(true);
    expect(ran.out.length).toBeGreaterThan(3);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(labels[wire]);
    expect(bench.requests).toHaveLength(1);
    expect(await bench.ask("go on")).toMatchObject({ out: "Next.\n", code: 0 });
  });

  test.concurrent("a server that stays broken is given up after a few tries, in words", async () => {
    await using bench = await ProgramBench.open({
      wire,
      script: () => ({ fault: { type: "status", status: 503, headers: { "retry-after": "0" } } }),
    });
    const ran = await bench.ask("hi");
    expect(ran).toMatchObject({ out: "", code: 1 });
    expect(ran.err).toContain(`${labels[wire]} has a problem (503)`);
    expect(bench.requests).toHaveLength(4);
  });

  test.concurrent("tools that do not exist and arguments that are none come back as errors to the model", async () => {
    await using bench = await ProgramBench.open({
      wire,
      script: [
        {
          calls: [
            { name: "shel", arguments: { command: "true" } },
            { name: "shell", arguments: '{"command": "tru' },
            { name: "shell", arguments: "[1]" },
            { name: "shell", arguments: { cmd: "true" } },
            { id: "same", ...shell("echo a") },
            { id: "same", ...shell("echo b") },
          ],
        },
        { text: "I see." },
      ],
    });
    expect(await bench.ask("go")).toMatchObject({ out: "I see.\n", code: 0 });
    const results = newResults(bench.requests[1] ?? missing()).map(({ text }) => text);
    expect(results).toHaveLength(6);
    expect(results[0]).toContain("Did you mean shell?");
    for (const result of results.slice(1, 4)) expect(result).toStartWith("Error:");
    expect(results.slice(4)).toEqual(["a", "b"]);
  });

  test.concurrent("of a thousand calls in one answer a few run, and each has its result", async () => {
    const calls = Array.from({ length: 1000 }, (_, at) => shell(`echo ${at} >> ran`));
    await using bench = await ProgramBench.open({ wire, script: [{ calls }, { text: "Enough." }] });
    expect(await bench.ask("go")).toMatchObject({ out: "Enough.\n", code: 0 });
    expect(newResults(bench.requests[1] ?? missing())).toHaveLength(1000);
    const ran = (await Bun.file(`${bench.workspace()}/ran`).text()).trim().split("\n");
    expect(ran).toHaveLength(32);
  });

  test.concurrent("at the limit of steps the model is asked once more and cannot call a tool", async () => {
    let n = 0;
    await using bench = await ProgramBench.open({
      wire,
      config: { limits: { steps: 2 } },
      script: ({ body }) =>
        body["tool_choice"] === undefined ? { calls: [shell(`echo ${n++}`)] } : { text: "So far." },
    });
    const { out, code } = await bench.ask("go", "--json");
    expect(parseEvents(out).at(-1)).toMatchObject({ reason: "limit", text: "So far." });
    expect(code).toBe(0);
    expect(bench.requests).toHaveLength(3);
  });

  test.concurrent("a server that is not there is told of", async () => {
    await using bench = await ProgramBench.open({ wire });
    await bench.server.stop();
    const ran = await bench.ask("hi");
    expect(ran).toMatchObject({ out: "", code: 1 });
    expect(ran.err).toContain(`Nothing answers at ${new URL(bench.server.url).host}`);
    expect(bench.query("SELECT state FROM turns")).toEqual([{ state: "error" }]);
  });
});

function missing(): never {
  throw new Error("It was never sent.");
}
