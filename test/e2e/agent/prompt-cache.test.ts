import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import type { Turn } from "../../fakes/llm-turn.ts";
import { ProgramBench, shell, wires, type Wire } from "../../fakes/program-bench.ts";
import { PromptCache } from "../../fakes/prompt-cache.ts";

interface Row {
  readonly input: number;
  readonly read: number;
  readonly write: number;
}

/** A model whose server has a cache; what it says is told by the number of the request. */
async function openCached(wire: Wire, answers: (n: number) => Turn): Promise<ProgramBench> {
  const cache = new PromptCache();
  const instructions = "Be brief. ".repeat(600);
  const bench = await ProgramBench.open({
    wire,
    script: (request, n) => ({ ...answers(n), usage: cache.bill(request) }),
  });
  await bench.run(["groups", "list"]);
  // Long enough for every server to keep it.
  await bench.ask("warm up");
  await writeFile(join(bench.state, "groups/main/AGENTS.md"), instructions);
  return bench;
}

function rowsOf(bench: ProgramBench): Row[] {
  const sql =
    "SELECT input_tokens AS input, cache_read_tokens AS read, cache_write_tokens AS write FROM usage ORDER BY id";
  return bench.query(sql).map((row) => ({
    input: Number(row["input"]),
    read: Number(row["read"]),
    write: Number(row["write"]),
  }));
}

/** Of what was sent, how much came from the cache. */
function shareOf({ input, read, write }: Row): number {
  return read / (input + read + write);
}

/** All of a request but its marks, which move on, as one text up to the end of its last message. */
function toPrefix({ body }: LlmRequest): string {
  const { tools, system, messages } = body;
  const text = JSON.stringify([tools, system, messages], (key, value: unknown) =>
    key === "cache_control" ? undefined : value,
  );
  return text.replace(/\]\]$/, "");
}

describe.each(wires)("over the %s wire", (wire) => {
  test("from turn to turn, in new processes and with tools, each request begins with the one before", async () => {
    const answers = (n: number): Turn =>
      n % 3 === 1
        ? { thinking: "I look.", text: "I look.", calls: [shell(`echo ${n}`), shell("date +%N")] }
        : { text: `Answer ${n}.` };
    await using bench = await openCached(wire, answers);
    await bench.run(["agent", "-s", "long", "-m", "first"]);
    for (const text of ["second", "third", "fourth"]) await bench.run(["agent", "-s", "long", "-m", text]);
    const mine = bench.requests.slice(1).filter((request) => JSON.stringify(request.body).includes("first"));
    expect(mine.length).toBeGreaterThanOrEqual(5);
    for (const [index, request] of mine.entries()) {
      const before = mine[index - 1];
      if (before !== undefined) expect(toPrefix(request)).toStartWith(toPrefix(before).replace(/\}*$/, ""));
    }
    const shares = rowsOf(bench).slice(-mine.length).map(shareOf);
    for (const share of shares.slice(1)) expect(share).toBeGreaterThan(0.8);
  });

  test("a session of another name begins with the same instructions and tools, from the cache", async () => {
    await using bench = await openCached(wire, () => ({ text: "ok" }));
    await bench.run(["agent", "-s", "one", "-m", "hello"]);
    await bench.run(["agent", "-s", "two", "-m", "something else entirely"]);
    const [, one, two] = rowsOf(bench).map(shareOf);
    expect(one).toBeLessThan(0.75);
    expect(two).toBeGreaterThan(0.8);
  });

  test("without the instructions kept as they were first sent, a change of them would cost the whole cache", async () => {
    await using bench = await openCached(wire, () => ({ text: "ok" }));
    await bench.run(["agent", "-s", "one", "-m", "hello"]);
    await writeFile(join(bench.state, "groups/main/AGENTS.md"), `Changed. ${"Be brief. ".repeat(600)}`);
    await bench.run(["agent", "-s", "one", "-m", "and now?"]);
    await bench.run(["agent", "-s", "fresh", "-m", "and here?"]);
    const [, , kept, fresh] = rowsOf(bench).map(shareOf);
    expect(kept).toBeGreaterThan(0.4);
    expect(fresh).toBeLessThan(0.75);
    expect(JSON.stringify(bench.requests[2]?.body)).toContain("was changed and now reads");
  });
});
