import { afterAll, beforeAll } from "bun:test";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { BackupBench } from "../../fakes/backup-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";
import { asMappedRoot, onSmallDisk } from "../../fakes/surroundings.ts";
import { withHeaderSums } from "../../fakes/tar-headers.ts";

let bench: BackupBench;

beforeAll(async () => {
  bench = await BackupBench.open();
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

function typed(...argv: string[]): () => Promise<string> {
  return async () => (await bench.program.run(argv)).err;
}

/** Restores what `spoil` makes of a good backup. */
function spoilt(name: string, spoil: (good: Buffer) => Uint8Array): () => Promise<string> {
  return async () => {
    const path = join(bench.program.root, name);
    await writeFile(path, spoil(await readFile(bench.backup)));
    return await typed("restore", "--yes", path)();
  };
}

testProvocations("backup", {
  exists: {
    names: ["backup.tar already", "nanoclaw backup FILE"],
    provoke: () => typed("backup", bench.backup)(),
  },
  insideGroup: {
    names: ["into the folder of a group", "b.tar"],
    provoke: () => typed("backup", join(bench.program.state, "groups/main/workspace/b.tar"))(),
  },
  needsSandbox: {
    names: ["in a sandbox only", "--no-files", "nanoclaw doctor"],
    provoke: async () => {
      // The folder in which the program of the sandbox lies is empty, for this one process.
      const bwrap = Bun.which("bwrap", { PATH: "/usr/local/bin:/usr/bin:/bin" }) ?? "/usr/bin/bwrap";
      const path = join(bench.program.root, "without.tar");
      const hidden = ["sh", "-c", 'mount --bind /dev/null "$0" && exec "$@"', bwrap];
      const under = ["unshare", "--mount", "--propagation", "private", ...asMappedRoot, ...hidden];
      return (await bench.program.run(["backup", path], { under })).err;
    },
  },
  filesFailed: {
    names: ["group main could not be copied", "--no-files"],
    provoke: async () => {
      const workspace = bench.program.workspace();
      await chmod(workspace, 0o000);
      try {
        return await typed("backup", join(bench.program.root, "b.tar"))();
      } finally {
        await chmod(workspace, 0o700);
      }
    },
  },
  noFile: { names: ["no file", "nowhere.tar"], provoke: typed("restore", "--yes", "nowhere.tar") },
  notOne: {
    names: ["is not a backup of NanoClaw", "photos.tar"],
    provoke: spoilt("photos.tar", () => Buffer.from("these are photos")),
  },
  newer: {
    names: ["newer version", "Update NanoClaw"],
    provoke: spoilt("newer.tar", (good) =>
      Buffer.from(good.toString("latin1").replace('"format": 1', '"format": 2'), "latin1"),
    ),
  },
  damaged: {
    names: ["damaged or was cut short", "Nothing was changed"],
    provoke: spoilt("short.tar", (good) => good.subarray(0, good.length / 2)),
  },
  unsafe: {
    names: ["does not belong in a backup", "xx/../../AGENTS.md", "Nothing was changed"],
    provoke: spoilt("evil.tar", (good) =>
      withHeaderSums(
        Buffer.from(
          good.toString("latin1").replaceAll("groups/main/AGENTS.md", "xx/../../AGENTS.md\0\0\0"),
          "latin1",
        ),
      ),
    ),
  },
  noSpace: {
    names: ["needs 5 MB", "are free", "df -h"],
    provoke: async () => {
      const path = join(bench.program.root, "large.tar");
      await writeFile(path, new Uint8Array(4_000_000));
      const state = join(bench.program.root, "small");
      await Bun.write(join(state, ".keep"), "");
      const options = { under: onSmallDisk(state, "2m"), env: { NANOCLAW_HOME: state } };
      return (await bench.program.run(["restore", "--yes", path], options)).err;
    },
  },
  inUse: {
    names: ["is using NanoClaw", "Nothing was changed", "ps -p "],
    provoke: () => bench.whileInUse(typed("restore", "--yes", bench.backup)),
  },
  wantsYes: {
    names: ["would take the place", "say --yes"],
    provoke: () => typed("restore", bench.backup)(),
  },
} satisfies Record<keyof Failures["backup"], Provocation>);
