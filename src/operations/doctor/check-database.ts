import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { verifyAudit } from "../../authority/audit.ts";
import { AppError } from "../../errors.ts";
import { listGroups } from "../../store/groups.ts";
import { isProcessAlive } from "../../store/holder.ts";
import { findLease, releaseLease } from "../../store/leases.ts";
import { doctorWords } from "../../words/english/doctor.ts";
import { listNotices } from "../../store/notices.ts";
import { storeWords } from "../../words/english/store.ts";
import { findFault } from "../backup/sound-database.ts";
import { fine, problem, warning, type Check, type Finding } from "./check.ts";

export const checkDatabase: Check = async ({ openStore, phrases }) => {
  const store = await openStore();
  if (store === undefined) return fine(phrases.noDatabase);
  const fault = findFault(store.file);
  if (fault !== undefined) throw new AppError("store", storeWords.damaged(store), { cause: fault });
  return fine(phrases.database({ megabytes: Math.ceil(Bun.file(store.file).size / 1e6) }));
};

export const checkAudit: Check = async ({ openStore, phrases }) => {
  const store = await openStore();
  if (store === undefined) return fine(phrases.audit({ rows: 0 }));
  const report = await verifyAudit(store.database);
  if (report.isIntact) return fine(phrases.audit({ rows: report.head.id }));
  return [problem(doctorWords.auditBroken({ row: report.brokenAt, reason: report.reason }))];
};

/** Two machines that share a folder, or a clock that is set a little, differ by less. */
const toleratedMs = 5 * 60_000;

export const checkClock: Check = async ({ openStore, clock, phrases }) => {
  const store = await openStore();
  const row = await store?.database.get("SELECT max(at) AS last FROM audit");
  const last = typeof row?.["last"] === "number" ? row["last"] : 0;
  const behindMs = last - clock.now();
  if (behindMs < toleratedMs) return fine(phrases.clock);
  return [problem(doctorWords.clockBehind({ minutes: Math.round(behindMs / 60_000) }))];
};

export const checkLeases: Check = async ({ openStore, phrases }) => {
  const store = await openStore();
  if (store === undefined) return fine(phrases.leases({ held: 0 }));
  const { database } = store;
  const findings: Finding[] = [];
  let held = 0;
  for (const { id, name } of await listGroups(database)) {
    const lease = await findLease(database, id);
    if (lease === undefined) continue;
    if (isProcessAlive(lease.holder)) {
      held += 1;
      continue;
    }
    const release = async (): Promise<void> =>
      void (await database.transaction((tx) => releaseLease(tx, id, lease.epoch)));
    findings.push(warning(doctorWords.staleLease({ group: name, pid: lease.holder.pid }), release));
  }
  return findings.length === 0 ? fine(phrases.leases({ held })) : findings;
};

/** What the gateway told the owner, or could not tell him. Its own audit and space are checked above, as they are now. */
export const checkNotices: Check = async ({ openStore, clock, phrases }) => {
  const store = await openStore();
  const notices = store === undefined ? [] : await listNotices(store.database, clock.now() - dayMs);
  const findings = notices.flatMap(({ subject, said }) =>
    /^(?:audit|disk):/.test(subject) ? [] : [warning(said)],
  );
  return findings.length === 0 ? fine(phrases.noNotices) : findings;
};

const dayMs = 86_400_000;
const oldDays = 7;

export const checkBackup: Check = async ({ home, openStore, clock, phrases }) => {
  const store = await openStore();
  const used = await store?.database.get("SELECT 1 FROM turns LIMIT 1");
  if (used === undefined) return fine(phrases.nothingToKeep);
  const names = (await readdir(home.backups).catch((): string[] => [])).filter((name) =>
    /\.(?:db|tar)$/.test(name),
  );
  const files = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(home.backups, name))).mtimeMs })),
  );
  const [newest] = files.sort((one, other) => other.time - one.time);
  if (newest === undefined) return [warning(doctorWords.noBackup({ folder: home.backups }))];
  const days = Math.max(0, Math.floor((clock.now() - newest.time) / dayMs));
  return days > oldDays
    ? [warning(doctorWords.backupOld({ days }))]
    : fine(phrases.backup({ name: newest.name, days }));
};
