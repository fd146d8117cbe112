import { Database } from "bun:sqlite";
import { afterAll, beforeAll } from "bun:test";
import { chmod, mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { doctorWords } from "../../../src/words/english/doctor.ts";
import { ProgramBench, type RunOptions } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { onSmallDisk } from "../../fakes/surroundings.ts";

let bench: ProgramBench;

beforeAll(async () => {
  bench = await ProgramBench.open({ script: () => ({ text: "Hello." }) });
  await bench.ask("hi");
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

async function doctor(options: RunOptions = {}): Promise<string> {
  return (await bench.run(["doctor"], options)).out;
}

/** What the doctor says after `spoil`, which gives back how to make it good again. */
function spoilt(spoil: () => Promise<() => Promise<unknown>>, options: () => RunOptions = () => ({})) {
  return async (): Promise<string> => {
    const mend = await spoil();
    try {
      return await doctor(options());
    } finally {
      await mend();
    }
  };
}

function change(sql: string, back: string): () => Promise<string> {
  // By hand, as somebody would who has something to hide: the log's own guards are taken away first.
  const run = async (text: string): Promise<void> => {
    using database = new Database(join(bench.state, "nanoclaw.db"));
    const guards = database
      .query<{ name: string; sql: string }, []>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      .all();
    for (const { name } of guards) database.run(`DROP TRIGGER ${name}`);
    database.run(text);
    for (const guard of guards) database.run(guard.sql);
  };
  return spoilt(async () => {
    await run(sql);
    return () => run(back);
  });
}

const gatewayTable = `CREATE TABLE IF NOT EXISTS gateway (id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL,
  pid_start TEXT NOT NULL, boot_id TEXT NOT NULL, started_at INTEGER NOT NULL) STRICT`;

/** A living process that is written down as the gateway, and does not answer. */
function withGateway(): () => Promise<string> {
  return spoilt(async () => {
    const child = Bun.spawn(["sleep", "60"]);
    const { readHolder } = await import("../../../src/store/holder.ts");
    const { pid, pidStart, bootId } = await readHolder(child.pid);
    using database = new Database(join(bench.state, "nanoclaw.db"));
    database.run(gatewayTable);
    database.run("INSERT INTO gateway VALUES (1, ?, ?, ?, 0)", [pid, pidStart, bootId]);
    return async () => {
      child.kill("SIGKILL");
      await child.exited;
      using again = new Database(join(bench.state, "nanoclaw.db"));
      again.run("DELETE FROM gateway");
    };
  });
}

testProvocations("doctor", {
  folderMissing: {
    names: ["is not there yet", "elsewhere", "nanoclaw doctor --fix"],
    provoke: () => doctor({ env: { NANOCLAW_HOME: join(bench.root, "elsewhere") } }),
  },
  modeOpen: {
    names: ["Other users", "secrets.json", "mode 644", "chmod 600"],
    provoke: spoilt(async () => {
      const path = join(bench.state, "secrets.json");
      await writeFile(path, "{}", { mode: 0o644 });
      await chmod(path, 0o644);
      return () => rm(path);
    }),
  },
  noModel: {
    names: ["No model is set up", "nanoclaw onboard"],
    provoke: () => {
      const config = JSON.stringify({ localServers: { discover: false } });
      const state = join(bench.root, "without");
      return Bun.write(join(state, "config.json"), config).then(async () => {
        await chmod(state, 0o700);
        return await doctor({ env: { NANOCLAW_HOME: state } });
      });
    },
  },
  auditBroken: {
    names: ["The audit log is not what was written, from row 1 on", "backups"],
    provoke: change(
      "UPDATE audit SET object = object || 'x' WHERE id = 1",
      "UPDATE audit SET object = rtrim(object, 'x') WHERE id = 1",
    ),
  },
  diskLow: {
    names: ["MB are free", "small", "du -xh"],
    provoke: async () => {
      const state = join(bench.root, "small");
      await mkdir(state, { mode: 0o700 });
      return await doctor({ env: { NANOCLAW_HOME: state }, under: onSmallDisk(state, "20m") });
    },
  },
  clockBehind: {
    names: ["minutes before the last thing that was written", "timedatectl"],
    provoke: change(
      "UPDATE audit SET at = at + 7200000 WHERE id = 1",
      "UPDATE audit SET at = at - 7200000 WHERE id = 1",
    ),
  },
  staleLease: {
    names: ["The group main is still held by process 999999", "nanoclaw doctor --fix"],
    provoke: change(
      "UPDATE leases SET pid = 999999, pid_start = '1', boot_id = 'another', taken_at = 1",
      "UPDATE leases SET pid = NULL, pid_start = NULL, boot_id = NULL, taken_at = NULL",
    ),
  },
  gatewayDown: {
    whyNot: "no service manager runs here",
    names: ["installed as a service (systemd)", "nanoclaw service start"],
    provoke: () => toSaid(doctorWords.gatewayDown({ manager: "systemd" })),
  },
  gatewaySilent: { names: ["runs and does not answer", "nanoclaw logs -n 20"], provoke: withGateway() },
  staleGateway: {
    names: ["process 999999", "still written down", "nanoclaw doctor --fix"],
    provoke: change(
      `${gatewayTable}; INSERT INTO gateway VALUES (1, 999999, '1', 'another', 0)`,
      "DELETE FROM gateway",
    ),
  },
  staleFile: {
    names: ["gateway.sock was left behind", "nanoclaw doctor --fix"],
    provoke: spoilt(async () => {
      const path = join(bench.state, "gateway.sock");
      await writeFile(path, "");
      return () => rm(path);
    }),
  },
  serviceMissing: { names: ["nothing starts it again", "nanoclaw service install"], provoke: withGateway() },
  programOld: {
    names: ["Node.js 18.19.0 is too old", "20.0.0 or later"],
    provoke: async () => {
      const folder = join(bench.root, "old");
      await mkdir(folder);
      await writeFile(join(folder, "node"), "#!/bin/sh\necho v18.19.0\n", { mode: 0o755 });
      if (process.env["NANOCLAW_PROGRAM"]) {
        return toSaid(doctorWords.programOld({ program: "Node.js", version: "18.19.0", wanted: "20.0.0" }));
      }
      return await doctor({ env: { PATH: `${folder}:/usr/bin:/bin` } });
    },
  },
  notOnPath: {
    names: ["does not find the command nanoclaw", "nanoclaw service path"],
    provoke: () => doctor({ env: { PATH: "/usr/bin:/bin" } }),
  },
  danglingLink: {
    names: ["leads to /gone/nanoclaw", "nanoclaw service path"],
    provoke: spoilt(async () => {
      const folder = join(bench.home, ".local/bin");
      await mkdir(folder, { recursive: true });
      await symlink("/gone/nanoclaw", join(folder, "nanoclaw"));
      return () => rm(folder, { recursive: true });
    }),
  },
  orphans: {
    whyNot: "a sandbox here dies with its program",
    names: ["process 4711", "ps -fp 4711"],
    provoke: () => toSaid(doctorWords.orphans({ pids: ["4711"] })),
  },
  leftMount: {
    names: ["Something is mounted at", "workspace", "umount /"],
    provoke: () => doctor({ under: onSmallDisk(bench.workspace(), "1m") }),
  },
  noBackup: { names: ["There is no backup", "nanoclaw backup"], provoke: () => doctor() },
  backupOld: {
    names: ["The newest backup is 12 days old", "nanoclaw backup"],
    provoke: spoilt(async () => {
      const folder = join(bench.state, "backups");
      await mkdir(folder, { mode: 0o700 });
      const path = join(folder, "daily-2026-01-01.db");
      await writeFile(path, "", { mode: 0o600 });
      const time = Date.now() / 1000 - 12.5 * 86_400;
      await utimes(path, time, time);
      return () => rm(folder, { recursive: true });
    }),
  },
} satisfies Record<keyof Failures["doctor"], Provocation>);
