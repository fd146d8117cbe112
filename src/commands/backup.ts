import { toLocalTime } from "../local-time.ts";
import { resolve } from "node:path";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { findHome, prepareHome } from "../home.ts";
import { createBackup } from "../operations/backup/create-backup.ts";
import { backUpDaily } from "../operations/backup/daily.ts";
import { restoreBackup, type RestoreOptions } from "../operations/backup/restore-backup.ts";
import { finishSwap } from "../operations/backup/swap.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { openStore } from "../store/store.ts";
import { backupWords } from "../words/english/backup.ts";
import { usageWords } from "../words/english/usage.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { ExitCode, StreamIo } from "./command-io.ts";
import { readConfig } from "./read-config.ts";
import { allow } from "./own-store.ts";
import { version } from "./version.ts";
import { toJson } from "./to-json.ts";

export async function runBackupCommand(
  args: ParsedArguments,
  io: StreamIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const home = findHome(io.env);
  await prepareHome(home.root);
  const { sandbox } = await readConfig(home, io);
  const { phrases } = await loadLanguage(io.env);
  await using store = await openStore({ folder: home.root, clock: systemClock }, signal);
  const name = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const path = resolve(io.cwd, args.words[0] ?? `${home.backups}/nanoclaw-${name}.tar`);
  await allow(store, "backup.make", args.has("daily") ? "daily" : path);
  if (args.has("daily")) {
    const made = await backUpDaily(store, home.backups, systemClock);
    const { verifyAudit } = await import("../authority/audit.ts");
    const audit = await verifyAudit(store.database);
    await io.write(args.has("json") ? toJson({ ...made, audit }) : `✓ ${sanitizeLine(made.path)}\n`);
    return 0;
  }
  if (args.words[0] === undefined) {
    const { makePrivateFolder } = await import("../store/private-files.ts");
    await makePrivateFolder(home.backups);
  }
  const made = await createBackup(
    {
      home,
      store,
      path,
      version,
      clock: systemClock,
      openSandbox: (spec) => openSandbox(sandbox.runtime, spec),
      hasFiles: !args.has("no-files"),
    },
    signal,
  );
  const notes = made.notes.map((note) => `  ${sanitizeLine(note)}\n`).join("");
  const said = `✓ ${sanitizeLine(phrases.operations.backedUp(made))}\n${notes}`;
  await io.write(args.has("json") ? toJson(made) : said);
  return 0;
}

/** Asks before it puts anything aside; first ends what an earlier restore began. */
export async function runRestoreCommand(
  args: ParsedArguments,
  io: StreamIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const home = findHome(io.env);
  await prepareHome(home.root);
  const { phrases } = await loadLanguage(io.env);
  const isFinished = await finishSwap(home.root);
  if (isFinished) await io.write(`✓ ${phrases.operations.restoreFinished}\n`);
  const [word] = args.words;
  if (word === undefined) {
    if (isFinished) return 0;
    throw new AppError("usage", usageWords.wordMissing({ word: "FILE" }));
  }
  const path = resolve(io.cwd, word);
  const runtime = await findRuntime(io);
  const options: RestoreOptions = {
    home,
    path,
    clock: systemClock,
    uid: process.getuid?.() ?? 0,
    openSandbox: (spec) => openSandbox(runtime, spec),
  };
  if (!args.has("yes") && !(await confirm(path, home.root, io, signal))) {
    await io.writeError(`${phrases.undo.unchanged}\n`);
    return 1;
  }
  const restored = await restoreBackup(options, signal);
  const { operations } = phrases;
  const facts = { date: toLocalTime(restored.createdAt, "second"), aside: restored.aside };
  await io.write(`✓ ${sanitizeLine(operations.restored(facts))}\n`);
  if (restored.user !== undefined)
    await io.writeError(`nanoclaw: ${operations.stillUsed({ pid: restored.user })}\n`);
  return 0;
}

/** A configuration that cannot be read is one of the reasons to restore another. */
async function findRuntime(io: StreamIo): Promise<string> {
  try {
    return (await readConfig(findHome(io.env), io)).sandbox.runtime;
  } catch (error) {
    if (error instanceof AppError && error.code === "config") return "auto";
    throw error;
  }
}

async function confirm(path: string, home: string, io: StreamIo, signal: AbortSignal): Promise<boolean> {
  const wish = backupWords.wantsYes({ path, home });
  if (!io.isTerminal.input || !io.isTerminal.error) throw new AppError("usage", wish);
  const [{ askYesNo }, { translate }, language] = await Promise.all([
    import("../channels/terminal/ask-yes-no.ts"),
    import("../words/translate.ts"),
    loadLanguage(io.env),
  ]);
  const { message } = translate(wish, language);
  const question = `${sanitizeLine(message)} ${language.phrases.operations.question}`;
  return await askYesNo(question, { write: (text: string) => io.writeError(text) }, signal);
}
