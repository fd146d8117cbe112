import { expect, test } from "bun:test";
import { join } from "node:path";
import { agent } from "../../../src/commands/table/agent.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";

const root = join(import.meta.dir, "../../..");

/** What `docs/events.md` says: each event and its fields. */
async function readDocument(): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await Bun.file(join(root, "docs/events.md")).text();
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| [^|]+\| ([^|]+)\|$/gm)];
  return new Map(
    rows.map(([, type = "", fields = ""]) => [
      type,
      [...fields.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
    ]),
  );
}

test("the document names every event of the vocabulary", async () => {
  const source = await Bun.file(join(root, "src/agent/events.ts")).text();
  const types = [...source.matchAll(/readonly type: "([a-z-]+)"/g)].map(([, type = ""]) => type);
  expect(types.length).toBeGreaterThan(10);
  expect([...(await readDocument()).keys()].toSorted()).toEqual([...new Set(types)].toSorted());
  const help = (agent.description ?? []).join(" ");
  expect(types.filter((type) => !help.includes(type))).toEqual([]);
});

test("each line is one event with the fields that the document gives it; the first says the version", async () => {
  await using bench = await ProgramBench.open({
    script: [{ text: "I look.", calls: [shell("echo here")] }, { text: "Here." }],
  });
  const { out, code } = await bench.run(["agent", "--json", "-m", "where?"]);
  expect(code).toBe(0);
  const document = await readDocument();
  const events = out
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(events[0]).toMatchObject({ type: "turn-start", version: 1, group: "main" });
  expect(events.at(-1)).toMatchObject({ type: "turn-end", reason: "done", text: "Here." });
  for (const { type, ...fields } of events) {
    expect([
      type,
      Object.keys(fields).filter((name) => document.get(String(type))?.includes(name) !== true),
    ]).toEqual([type, []]);
  }
});
