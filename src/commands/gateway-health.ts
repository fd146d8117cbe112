import { systemClock } from "../clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { keepHeartbeat } from "../notices/heartbeat.ts";
import type { HomePaths } from "../home.ts";
import type { Log } from "../log.ts";
import type { DailyOutcome } from "../operations/backup/daily.ts";
import type { Holder } from "../store/holder.ts";
import { makePrivateFolder } from "../store/private-files.ts";
import { doctorWords } from "../words/english/doctor.ts";
import { noticeWords } from "../words/english/notice.ts";

/** Writes down that the gateway lives, and looks whether there is room on the disk. */
export async function watchHealth(
  { notices, disk }: Gateway,
  { home, holder, log }: { readonly home: HomePaths; readonly holder: Holder; readonly log: Log },
  ending: AbortSignal,
): Promise<AsyncDisposable> {
  void disk.tryToWrite();
  await makePrivateFolder(home.run);
  const path = toAlivePath(home);
  return keepHeartbeat({ path, bootId: holder.bootId, ending, clock: systemClock, notices, log });
}

/** The file in which a gateway says that it lives. */
export function toAlivePath({ run }: Pick<HomePaths, "run">): string {
  return `${run}/gateway.alive`;
}

/** What came of the daily backup, for the owner: said once, and once when it is well again. */
export function tellBackup({ notices }: Pick<Gateway, "notices">, outcome: DailyOutcome): void {
  if (outcome.type === "failed") {
    const said = noticeWords.backupFailed({ reason: toLine(outcome.reason) });
    return void notices.raise({ kind: "backup", id: "daily", said });
  }
  void notices.settle("backup", "daily");
  const { audit } = outcome;
  if (audit.isIntact) return void notices.settle("audit", "log");
  const said = doctorWords.auditBroken({ row: audit.brokenAt, reason: audit.reason });
  void notices.raise({ kind: "audit", id: "log", said });
}

function toLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 300);
}
