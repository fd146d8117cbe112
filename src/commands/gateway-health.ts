import { systemClock } from "../clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { explain } from "../errors.ts";
import { keepHeartbeat } from "../notices/heartbeat.ts";
import type { HomePaths } from "../home.ts";
import type { Log } from "../log.ts";
import type { DailyOutcome } from "../operations/backup/daily.ts";
import type { Holder } from "../store/holder.ts";
import { makePrivateFolder } from "../store/private-files.ts";
import { doctorWords } from "../words/english/doctor.ts";
import { hideSecrets } from "../words/hide-secrets.ts";
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

/** Whether the configuration could be read when it changed, for the owner: said once, and once when it is in use. */
export function tellConfig({ notices }: Pick<Gateway, "notices">, problem: unknown): void {
  if (problem === undefined) return void notices.settle("config", "file");
  // Only the first line: those behind it show what stands in the file.
  const [reason = ""] = explain(problem).message.split("\n");
  const said = noticeWords.configBroken({ reason: hideSecrets(toLine(reason)) });
  void notices.raise({ kind: "config", id: "file", said });
}

function toLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 300);
}
