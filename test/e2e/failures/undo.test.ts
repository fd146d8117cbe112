import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Database } from "bun:sqlite";
import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

/** A turn that wrote a file, something that happens to what was kept of it, and then this undo. */
function undo(
  words: readonly string[],
  spoil: (bench: ProgramBench) => Promise<unknown> | unknown = () => {},
): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open({
      script: [{ calls: [shell("echo one > a")] }, { text: "Done." }],
    });
    await bench.ask("write it");
    await spoil(bench);
    return (await bench.run(["undo", ...words])).err;
  };
}

function change(sql: string): (bench: ProgramBench) => void {
  return (bench) => {
    using database = new Database(join(bench.state, "nanoclaw.db"));
    database.run(sql);
  };
}

const removeContents = async (bench: ProgramBench): Promise<void> =>
  await rm(join(bench.state, "groups/main/snapshots/contents"), { recursive: true });

testProvocations("undo", {
  noNumber: { names: ["number 77", "undo --list"], provoke: undo(["--to", "77"]) },
  notATime: { names: ['"noon"', "14:30"], provoke: undo(["--to", "noon"]) },
  nothingSince: { names: ["since 2999-01-01", "undo --list"], provoke: undo(["--to", "2999-01-01"]) },
  notKept: {
    names: ["it was too much", "Go further back"],
    provoke: undo(
      ["--to", "1", "--yes"],
      change("UPDATE snapshots SET manifest = NULL, problem = 'it was too much'"),
    ),
  },
  damaged: {
    names: ["is damaged", "Go further back"],
    provoke: undo(["--to", "1", "--yes"], removeContents),
  },
  wantsYes: { names: ["1 file created", "--yes", "--diff"], provoke: undo([]) },
} satisfies Record<keyof Failures["undo"], Provocation>);
