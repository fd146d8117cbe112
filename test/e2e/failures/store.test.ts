import { Database } from "bun:sqlite";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { explain } from "../../../src/errors.ts";
import { toStoreError } from "../../../src/store/store-error.ts";
import { openStore } from "../../../src/store/store.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { storeWords } from "../../../src/words/english/store.ts";
import { ProgramBench, type RunOptions } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { keepReserve } from "../../../src/store/reserve.ts";
import type { Saying } from "../../../src/words/define-words.ts";
import { onReadOnlyDisk, onSmallDisk } from "../../fakes/surroundings.ts";
import { makeTemporaryFolder } from "../../fakes/temporary-store.ts";

type Prepare = (database: string, bench: ProgramBench) => Promise<unknown>;

/** Runs the program with a database that `prepare` has spoilt; resolves with what it says. */
function spoil(
  prepare: Prepare,
  options: (bench: ProgramBench) => RunOptions = () => ({}),
): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    await prepare(join(bench.state, "nanoclaw.db"), bench);
    return (await bench.run(["groups", "list"], options(bench))).err;
  };
}

/** Opens the store of a folder that `prepare` has spoilt, with little patience. */
async function openSpoilt(prepare: (folder: string) => Promise<Disposable | undefined>): Promise<string> {
  await using folder = await makeTemporaryFolder();
  using _kept = await prepare(folder.path);
  const options = { folder: folder.path, clock: systemClock, busyDeadlineMs: 30 };
  try {
    await using _store = await openStore(options, AbortSignal.timeout(10_000));
    return "it opened";
  } catch (error) {
    return toSaid(explain(error));
  }
}

/** One that the program has made itself. */
async function makeDatabase(_file: string, bench: ProgramBench): Promise<void> {
  await bench.run(["groups", "list"]);
}

testProvocations("store", {
  locked: {
    names: ["nanoclaw.db", "locked for too long", "fuser -v /"],
    provoke: () =>
      openSpoilt(async (folder) => {
        const signal = AbortSignal.timeout(10_000);
        await (await openStore({ folder, clock: systemClock }, signal))[Symbol.asyncDispose]();
        const other = new Database(`${folder}/nanoclaw.db`);
        other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE groups SET title = 'x'");
        return { [Symbol.dispose]: () => other.close() };
      }),
  },
  full: {
    names: ["The disk is full", "nanoclaw.db", "df -h /"],
    provoke: spoil(
      async () => {},
      ({ state }) => ({ under: onSmallDisk(state, "32k") }),
    ),
  },
  reserveGivenUp: {
    names: ["The disk is full", "A reserve was given up", "df -h"],
    provoke: async () => {
      await using folder = await makeTemporaryFolder();
      let said = "it was saved";
      const onFull = async (saying: Saying): Promise<void> => {
        said = toSaid(saying);
      };
      const options = { folder: folder.path, clock: systemClock, onFull };
      await using store = await openStore(options, AbortSignal.timeout(10_000));
      keepReserve(folder.path);
      let isFull = true;
      await store.database.transaction(async () => {
        if (!isFull) return;
        isFull = false;
        throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
      });
      return said;
    },
  },
  damaged: {
    names: ["The database is damaged", "nanoclaw.db", '"backups"'],
    provoke: spoil((file) => writeFile(file, "x".repeat(8192), { mode: 0o600 })),
  },
  readOnly: {
    names: ["can only be read, not written", "NANOCLAW_HOME"],
    provoke: spoil(makeDatabase, ({ state }) => ({ under: onReadOnlyDisk(state) })),
  },
  cannotOpen: {
    names: ["The database cannot be opened", "nanoclaw.db", "ls -ld /"],
    provoke: () =>
      openSpoilt(async (folder) => {
        await mkdir(`${folder}/nanoclaw.db`);
        await chmod(folder, 0o700);
        return undefined;
      }),
  },
  diskFailed: {
    whyNot: "no disk here fails when asked to",
    names: ["The disk failed", "nanoclaw.db", "dmesg"],
    provoke: () => {
      const failure = Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_READ" });
      return toSaid(explain(toStoreError(failure, "/home/anna/.nanoclaw/nanoclaw.db")));
    },
  },
  networkDisk: {
    whyNot: "no network file system can be mounted here",
    names: ["can't share a database between processes", "local disk"],
    provoke: () => toSaid(storeWords.networkDisk({ file: "/net/anna/nanoclaw.db" })),
  },
  lost: {
    names: ["The database is missing or empty", "/backups"],
    provoke: spoil((_, { state }) => mkdir(join(state, "groups/main/workspace"), { recursive: true })),
  },
  restoreUnfinished: {
    names: ["was being restored", "nanoclaw restore"],
    provoke: spoil(async (_, { state }) => {
      await mkdir(join(state, "restore"), { mode: 0o700 });
      await writeFile(join(state, "restore/journal.json"), "{}");
    }),
  },
  folderForEverybody: {
    names: ["is a folder for everybody", "NANOCLAW_HOME"],
    provoke: () =>
      openSpoilt(async (folder) => {
        await chmod(folder, 0o1777);
        return undefined;
      }),
  },
  foreign: {
    names: ["nanoclaw.db is not a database of NanoClaw", "Move it away"],
    provoke: spoil(async (file) => {
      using other = new Database(file);
      other.run("CREATE TABLE photos (name TEXT)");
      await chmod(file, 0o600);
    }),
  },
  newer: {
    names: ["made by a newer version", "9999-holograms", "Update NanoClaw"],
    provoke: spoil(async (file, bench) => {
      await makeDatabase(file, bench);
      using database = new Database(file);
      database.run("INSERT INTO migrations (name, applied_at) VALUES ('9999-holograms', 0)");
    }),
  },
} satisfies Record<keyof Failures["store"], Provocation>);
