import { expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { program, ProgramBench } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

test("what was said before /new lies as a file in the group's folder, and a note of the first hour in its day's", async () => {
  await using bench = await ProgramBench.open({ script: [{ text: "At nine." }] });
  await bench.run(["memory", "add", "Anna is allergic to nuts."]);
  const root = join(bench.state, "groups/main");
  const day = (await readdir(join(root, "memory"))).find((name) => name !== "MEMORY.md") ?? "";
  expect(day).toMatch(/^\d{4}-\d\d-\d\d\.md$/);
  expect(await readFile(join(root, "memory", day), "utf8")).toContain("- Anna is allergic to nuts. (note 1)");
  await using terminal = new PseudoTerminal([...program, "--folder", `${bench.folder}:ro`], {
    cwd: bench.folder,
    env: bench.env,
  });
  await terminal.waitForPrompt();
  terminal.type("When does the zeppelin land?\r");
  await terminal.waitFor("At nine.");
  await terminal.waitForPrompt();
  terminal.type("/new\r");
  await terminal.waitFor("A new conversation.");
  await terminal.waitForPrompt();
  terminal.type("/quit\r");
  expect(await terminal.process.exited).toBe(0);
  const [file = ""] = await readdir(join(root, "conversations"));
  const text = await readFile(join(root, "conversations", file), "utf8");
  expect(text).toContain("When does the zeppelin land?");
  expect(text).toContain("At nine.");
});
