import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AuditReport } from "../../authority/audit.ts";
import type { Clock } from "../../clock.ts";
import { explain } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { run } from "../../run.ts";
import { backUp } from "../../store/backup.ts";
import { Connection } from "../../store/connection.ts";
import type { Store } from "../../store/store.ts";
import { requireSound } from "./sound-database.ts";
import { chooseStale, toDailyName } from "./retention.ts";

export interface DailyBackup {
  readonly path: string;
  /** False: there was one of today already. */
  readonly isNew: boolean;
  readonly removed: readonly string[];
}

/**
 * Copies the database into `folder` unless that was done today, checks the copy, and takes away those that are too old.
 * The copy is made in one piece and stops this process meanwhile: a gateway uses `keepDailyBackups`.
 */
export async function backUpDaily(
  { file }: Pick<Store, "file">,
  folder: string,
  clock: Clock,
): Promise<DailyBackup> {
  const name = toDailyName(clock.now());
  const path = join(folder, `${name}.db`);
  const isNew = !(await Bun.file(path).exists());
  if (isNew) {
    using connection = new Connection(file);
    connection.configure();
    await backUp(connection, folder, name);
    try {
      requireSound(path);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
  const removed = chooseStale(await readdir(folder));
  for (const stale of removed) await rm(join(folder, stale), { force: true });
  return { path, isNew, removed };
}

export interface DailyOptions {
  /** How the program is started: `nanoclaw`, or Bun with its source. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onOutcome: (outcome: DailyOutcome) => void;
}

/** Of one day. The audit log is looked through with it, in the same process. */
export type DailyOutcome =
  | { readonly type: "made"; readonly audit: AuditReport }
  | { readonly type: "failed"; readonly reason: string };

const dayMs = 86_400_000;
/** Not in the first moments of a start. */
const settleMs = 60_000;
const timeoutMs = 30 * 60_000;

/**
 * For a gateway: `nanoclaw backup --daily` in a process of its own, a minute from now and then once a day, so that no
 * message waits for a copy of a large database. Ends when it is disposed of; a backup that fails is told, and tried the next day.
 */
export function keepDailyBackups(options: DailyOptions): AsyncDisposable {
  const stop = new AbortController();
  const work = backUpEachDay(options, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await work;
    },
  };
}

/** Never throws. */
async function backUpEachDay(
  { program, environment, clock, log, onOutcome }: DailyOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = settleMs; !signal.aborted; waitMs = dayMs) {
    try {
      await clock.sleep(waitMs, signal);
      const argv = [...program, "backup", "--daily", "--json"];
      const { code, stdout, stderr } = await run(argv, { signal, env: environment, timeoutMs });
      const audit = code === 0 ? parseAudit(stdout) : undefined;
      if (audit !== undefined) {
        log.info("the database was backed up");
        onOutcome({ type: "made", audit });
        continue;
      }
      const reason = stderr.trim().slice(0, 500);
      log.error("the daily backup failed", { said: reason });
      onOutcome({ type: "failed", reason });
    } catch (error) {
      if (signal.aborted) return;
      log.error("the daily backup failed", { error });
      onOutcome({ type: "failed", reason: explain(error).message });
    }
  }
}

/** What that command has printed; undefined for anything else. */
function parseAudit(printed: string): AuditReport | undefined {
  try {
    const made: unknown = JSON.parse(printed);
    return isDaily(made) ? made.audit : undefined;
  } catch {
    return undefined;
  }
}

/** The other process is this program too. */
function isDaily(made: unknown): made is { readonly audit: AuditReport } {
  return typeof made === "object" && made !== null && "audit" in made && typeof made.audit === "object";
}
