import { expect, setDefaultTimeout, test } from "bun:test";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newResults } from "../fakes/llm-transcript.ts";
import { ProgramBench, shell } from "../fakes/program-bench.ts";

setDefaultTimeout(30_000);

const isRoot = process.getuid?.() === 0;

async function open(): Promise<ProgramBench> {
  return await ProgramBench.open({
    script: (request) =>
      newResults(request).length > 0 ? { text: "ok" } : { calls: [shell("echo > made")] },
  });
}

/** As if the system had given these ids to users: its file is covered for this program alone. */
async function withSubordinateIds(bench: ProgramBench, text: string): Promise<readonly string[]> {
  const file = join(bench.root, "subordinate");
  await writeFile(file, text);
  const script = 'touch /etc/subuid; mount --bind "$1" /etc/subuid && shift && exec "$@"';
  return ["unshare", "--mount", "sh", "-c", script, "sh", file];
}

test.skipIf(!isRoot)("a group's uid is none that the system gave to a user's containers", async () => {
  await using bench = await open();
  const under = await withSubordinateIds(bench, "anna:100000:65536\nbob:165536:65536\n");
  await bench.run(["agent", "-m", "go"], { under });
  expect(await stat(join(bench.workspace(), "made"))).toMatchObject({ uid: 300_001, gid: 300_001 });
  // It keeps it, whatever the system gives out later.
  await bench.run(["agent", "-m", "go"], { under: await withSubordinateIds(bench, "eve:300000:65536\n") });
  expect(await stat(join(bench.workspace(), "made"))).toMatchObject({ uid: 300_001, gid: 300_001 });
});

test.skipIf(!isRoot)(
  "a group that has files keeps its uid, and the status says whose it is as well",
  async () => {
    await using bench = await open();
    await bench.ask("go");
    expect(await stat(join(bench.workspace(), "made"))).toMatchObject({ uid: 200_001 });
    const under = await withSubordinateIds(bench, "bob:165536:65536\n");
    const { out } = await bench.run(["status"], { under });
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      "The uid 200001 of the group main is one that /etc/subuid gives to bob",
    );
    await bench.run(["agent", "-m", "go"], { under });
    expect(await stat(join(bench.workspace(), "made"))).toMatchObject({ uid: 200_001 });
  },
);
