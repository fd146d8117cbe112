import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEvents, ProgramBench, shell, wires } from "../../fakes/program-bench.ts";

/** A dot, and enough behind it to be found again. */
const picture = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from("a picture of a cat")]);
const base64 = picture.toString("base64");

describe.each(wires)("over the %s wire", (wire) => {
  test("a picture named on the command line reaches the model as bytes, now and in the next turn", async () => {
    await using bench = await ProgramBench.open({ wire, script: () => ({ text: "A cat." }) });
    await writeFile(join(bench.folder, "cat.png"), picture);
    expect(await bench.ask("What is this?", "-f", "cat.png")).toEqual({ out: "A cat.\n", err: "", code: 0 });
    expect(await bench.ask("And its colour?")).toMatchObject({ code: 0 });
    for (const request of bench.requests) expect(JSON.stringify(request.body)).toContain(base64);
    expect(bench.query("SELECT taint FROM sessions")).toEqual([{ taint: 1 }]);
    expect(bench.query("SELECT count(*) AS count FROM pictures")).toEqual([{ count: 1 }]);
    expect(bench.query("SELECT count(*) AS count FROM entries WHERE body LIKE '%iVBOR%'")).toEqual([
      { count: 0 },
    ]);
  });

  test("a picture of the workspace is shown to the model by read_file, out of the sandbox", async () => {
    await using bench = await ProgramBench.open({
      wire,
      script: [
        { calls: [shell(`printf '%s' '${base64}' | base64 -d > cat.png`)] },
        { calls: [{ name: "read_file", arguments: { path: "cat.png" } }] },
        { text: "A cat." },
      ],
    });
    const ran = await bench.run(["agent", "--json", "-m", "Look at cat.png"]);
    expect(parseEvents(ran.out).at(-1)).toMatchObject({ reason: "done", text: "A cat." });
    expect(ran.out).not.toContain('"data"');
    const [, before, after] = bench.requests.map(({ body }) => JSON.stringify(body["messages"]));
    const shown = wire === "anthropic" ? `"data":"${base64}"` : `data:image/png;base64,${base64}`;
    expect(before).not.toContain(shown);
    expect(after).toContain(shown);
  });
});

test("a model that cannot see is told so, and the person hears it from the model", async () => {
  await using bench = await ProgramBench.open({
    wire: "openai",
    script: (request) =>
      JSON.stringify(request.body).includes("image_url")
        ? { fault: { type: "status", status: 400, message: "unknown variant `image_url`, expected `text`" } }
        : { text: "I cannot see pictures." },
  });
  await writeFile(join(bench.folder, "cat.png"), picture);
  expect((await bench.ask("What is this?", "-f", "cat.png")).out).toBe("I cannot see pictures.\n");
  expect(JSON.stringify(bench.requests[1]?.body)).toContain("you cannot see pictures");
});

test("--think and the configuration say how hard the model thinks, the flag first", async () => {
  await using bench = await ProgramBench.open({
    wire: "openai",
    script: () => ({ text: "ok", thinking: "Hm." }),
    config: { agents: { defaults: { model: "openai/fake-model", thinking: "low" } } },
  });
  const config = { providers: { openai: { apiBase: bench.apiBase, apiKey: bench.key } } };
  await bench.configure({ ...config, agents: { defaults: { model: "openai/fake-model", thinking: "low" } } });
  await bench.ask("one");
  await bench.ask("two", "--think", "high");
  await bench.ask("three", "--think", "off");
  await bench.ask("four", "--think", "5000");
  expect(bench.requests.map(({ body }) => body["reasoning_effort"])).toEqual(["low", "high", "none", "low"]);
});
