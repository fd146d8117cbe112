import { defineWords } from "../define-words.ts";
import { quote } from "../quote.ts";

/** What `nanoclaw doctor` finds that nothing else would tell in time. */
export const doctorWords = defineWords("doctor", {
  folderMissing: ({ path }: { path: string }) => ({
    message: `${path} is not there yet.`,
    hint: "The first use makes it, and so does:\n  nanoclaw doctor --fix",
  }),
  modeOpen: ({ path, mode, wanted }: { path: string; mode: string; wanted: string }) => ({
    message: `Other users of this machine can get at ${path} (mode ${mode}).`,
    hint: `Make it yours alone:\n  chmod ${wanted} ${quote(path)}`,
  }),
  noModel: () => ({
    message: "No model is set up: the built-in demo answers, which is no language model.",
    hint: "Choose one:\n  nanoclaw onboard",
  }),
  auditBroken: ({ row, reason }: { row: number; reason: string }) => ({
    message: `The audit log is not what was written, from row ${row} on: ${reason}`,
    hint: "Somebody changed the database by hand, or the disk did. Compare it with a copy of the backups folder.",
  }),
  diskLow: ({ path, megabytes }: { path: string; megabytes: number }) => ({
    message: `Only ${megabytes} MB are free on the disk of ${path}.`,
    hint: `Free some space. This shows what takes it:\n  du -xh ${quote(path)} | sort -h | tail`,
  }),
  clockBehind: ({ minutes }: { minutes: number }) => ({
    message: `The clock stands ${minutes} minutes before the last thing that was written.`,
    hint: "Set the clock of this machine. This shows whether it is kept right:\n  timedatectl",
  }),
  staleLease: ({ group, pid }: { group: string; pid: number }) => ({
    message: `The group ${group} is still held by process ${pid}, which is gone.`,
    hint: "The next message takes it over, and so does:\n  nanoclaw doctor --fix",
  }),
  gatewayDown: ({ manager }: { manager: string }) => ({
    message: `The gateway is installed as a service (${manager}) and does not run.`,
    hint: "Look at why it ended, and start it:\n  nanoclaw logs -n 20\n  nanoclaw service start",
  }),
  gatewaySilent: ({ pid }: { pid: number }) => ({
    message: `The gateway (process ${pid}) runs and does not answer.`,
    hint: "Look at what it does, and start it anew:\n  nanoclaw logs -n 20\n  nanoclaw service stop\n  nanoclaw service start",
  }),
  staleGateway: ({ pid }: { pid: number }) => ({
    message: `A gateway that is gone (process ${pid}) is still written down as the one that serves.`,
    hint: "The next gateway takes its place, and this takes it away:\n  nanoclaw doctor --fix",
  }),
  staleFile: ({ path }: { path: string }) => ({
    message: `${path} was left behind by a gateway that is gone.`,
    hint: "The next gateway replaces it, and this takes it away:\n  nanoclaw doctor --fix",
  }),
  serviceMissing: () => ({
    message: "The gateway runs, and nothing starts it again when it ends.",
    hint: "Let it run as a service:\n  nanoclaw service install",
  }),
  programOld: ({ program, version, wanted }: { program: string; version: string; wanted: string }) => ({
    message: `${program} ${version} is too old: ${wanted} or later is needed.`,
    hint: "Update it, then run npm install in the folder of NanoClaw.",
  }),
  notOnPath: () => ({
    message: "Your shell does not find the command nanoclaw.",
    hint: "Link it:\n  nanoclaw service path",
  }),
  danglingLink: ({ path, target }: { path: string; target: string }) => ({
    message: `${path} leads to ${target}, which is not there any more.`,
    hint: "Link it anew, with the program that is there now:\n  nanoclaw service path",
  }),
  orphans: ({ pids }: { pids: readonly string[] }) => ({
    message: `A sandbox was left behind by a NanoClaw that is gone: process ${pids.join(", ")}.`,
    hint: `Look at what it is, and end it:\n  ps -fp ${pids.join(",")}\n  kill ${pids.join(" ")}`,
  }),
  leftMount: ({ path }: { path: string }) => ({
    message: `Something is mounted at ${path}, where nothing should be.`,
    hint: `Take it away:\n  umount ${quote(path)}`,
  }),
  noBackup: ({ folder }: { folder: string }) => ({
    message: `There is no backup in ${folder}.`,
    hint: "Make one, best onto another disk:\n  nanoclaw backup",
  }),
  backupOld: ({ days }: { days: number }) => ({
    message: `The newest backup is ${days} days old.`,
    hint: "Make one, best onto another disk:\n  nanoclaw backup",
  }),
});
