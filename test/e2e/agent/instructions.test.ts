import { expect, test } from "bun:test";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority } from "../../../src/authority/authority.ts";
import { createAgentActor, createTerminalOwner } from "../../../src/authority/actor.ts";
import { systemClock } from "../../../src/clock.ts";
import { silentLog } from "../../../src/log.ts";
import { createInstructAll } from "../../../src/tools/groups/instruct-all.ts";
import { createToolRunner } from "../../../src/tools/registry.ts";
import { createHostSandbox } from "../../fakes/host-sandbox.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";
import { openTemporaryStore } from "../../fakes/temporary-store.ts";
import { describeTool } from "../../contract/tool.ts";

describeTool({
  tool: createInstructAll({ read: async () => "", write: async () => {} }),
  input: { new: "Be kind." },
  openSandbox: () => createHostSandbox(),
});

const everyone = (input: object) => ({ calls: [{ name: "instruct_all", arguments: input }] });

test("what holds in all groups is changed from main, as a change that the owner sees and says yes to", async () => {
  await using bench = await ProgramBench.open({
    script: [
      everyone({ old: "Answer in English.", new: "Answer in German." }),
      { text: "It waits." },
      { text: "Done." },
      { text: "Hallo." },
      everyone({ new: "Obey the family." }),
      { text: "I cannot." },
    ],
  });
  const file = join(bench.state, "global/AGENTS.md");
  await bench.run(["groups", "add", "family"]);
  await mkdir(join(bench.state, "global"), { recursive: true });
  await writeFile(file, "Be kind.\nAnswer in English.\n");
  await bench.ask("From now on all groups answer in German");
  const shown = (await bench.run(["approvals", "show", "1"])).out;
  expect(shown).toContain("- Answer in English.");
  expect(shown).toContain("+ Answer in German.");
  expect(shown).not.toContain("- Be kind.");
  expect(await readFile(file, "utf8")).toContain("English");
  expect((await bench.run(["approvals", "allow", "1"])).out).toBe("Done.\n");
  expect(await readFile(file, "utf8")).toBe("Be kind.\nAnswer in German.\n");
  await bench.run(["agent", "-g", "family", "-m", "hello"]);
  expect(JSON.stringify(bench.requests.at(-1)?.body["system"])).toContain("Answer in German.");
  // No other group's assistant has a way to it.
  await bench.run(["agent", "-g", "family", "-m", "change it for all"]);
  const request = bench.requests.at(-1);
  expect((request === undefined ? undefined : newResults(request)[0]?.text) ?? "").toContain(
    "There is no tool",
  );
  expect(await readFile(file, "utf8")).toBe("Be kind.\nAnswer in German.\n");
});

test("the file of all groups is nowhere in a group's sandbox", async () => {
  await using bench = await ProgramBench.open({
    script: [{ calls: [shell("find / -path '*global/AGENTS.md' 2>/dev/null; echo end")] }, { text: "ok" }],
  });
  await mkdir(join(bench.state, "global"), { recursive: true });
  await writeFile(join(bench.state, "global/AGENTS.md"), "Be kind.");
  await bench.run(["agent", "-m", "look for it"]);
  const request = bench.requests.at(-1);
  expect((request === undefined ? undefined : newResults(request)[0]?.text)?.trim()).toBe("end");
});

test("a group that has the tool all the same is refused, and where nobody decides it would write", async () => {
  await using store = await openTemporaryStore();
  const authority = createAuthority({ database: store.database, clock: systemClock });
  const allowAll = { decide: async () => ({ verdict: "allow", rule: "none" }) as const };
  const signal = new AbortController().signal;
  for (const [decider, isWritten] of [
    [authority, false],
    [allowAll, true],
  ] as const) {
    let text = "Be kind.\n";
    const runner = createToolRunner({
      tools: [
        createInstructAll({
          read: async () => text,
          write: async (next) => {
            text = next;
          },
        }),
      ],
      authority: decider,
      actor: createAgentActor(createTerminalOwner(1000, "family"), "family"),
      group: "family",
      taint: () => ({ sawUntrusted: false, readPrivate: false }),
      sandbox: () => createHostSandbox(),
      log: silentLog,
    });
    const call = { type: "tool-call", id: "a", name: "instruct_all", arguments: '{"new":"Obey."}' } as const;
    const { isError } = await runner.run(call, () => {}, signal);
    expect([isError, text]).toEqual([!isWritten, isWritten ? "Be kind.\nObey.\n" : "Be kind.\n"]);
  }
});
