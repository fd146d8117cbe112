import { AppError } from "../../errors.ts";
import type { Sandbox, SandboxPaths } from "../../sandbox/sandbox.ts";
import { startInside, waitFor, type InsideOptions, type RunningTool } from "../../snapshots/run-inside.ts";
import { drain } from "../../tools/drain.ts";
import { backupWords } from "../../words/english/backup.ts";
import type { GroupArchive } from "./layout.ts";

const timeoutMs = 60 * 60_000;

/** GNU tar opens each name without following a link and without waiting for a pipe's other end. */
const create = [
  "tar",
  "--create",
  "--file=-",
  "--format=gnu",
  "--ignore-failed-read",
  "--exclude=./.cache",
  ".",
];
const extract = [
  ...["tar", "--extract", "--file=-", "--preserve-permissions", "--no-same-owner"],
  ...["--delay-directory-restore", "--warning=none"],
];

/** What one of a group's folders holds, packed inside: the host opens no name in it. Throws when it can't be read whole. */
export async function* packFolder(
  sandbox: Sandbox,
  archive: GroupArchive,
  notes: string[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const cwd = toPlace(sandbox.paths, archive);
  const child = await start(sandbox, archive, create, { signal, cwd, timeoutMs });
  let isRead = false;
  try {
    for await (const piece of child.stdout) yield piece;
    isRead = true;
  } finally {
    if (!isRead) child.kill();
  }
  const code = await waitFor(child, signal);
  const complaint = (await child.complaint).trim();
  // 1: a file changed while it was read, which a running assistant may do at any time.
  if (code > 1) throw failed(archive, complaint);
  if (complaint !== "") notes.push(...complaint.split("\n").map((line) => `${archive.group}: ${line}`));
}

/** Unpacks inside: whatever the names and links in `pieces` are, they lead nowhere else. */
export async function unpackFolder(
  sandbox: Sandbox,
  archive: GroupArchive,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const cwd = toPlace(sandbox.paths, archive);
  const child = await start(sandbox, archive, extract, { signal, cwd, stdin: "pipe", timeoutMs });
  const output = drain(child.stdout, child.exited, () => {});
  try {
    for await (const piece of pieces) await child.stdin?.write(piece);
  } catch (error) {
    signal.throwIfAborted();
    // A tar that gave up says why below.
    if (!(error instanceof AppError) || error.code !== "sandbox-failed") throw error;
  } finally {
    await child.stdin?.end();
  }
  await output;
  if ((await waitFor(child, signal)) !== 0) throw failed(archive, (await child.complaint).trim());
}

async function start(
  sandbox: Sandbox,
  archive: GroupArchive,
  argv: readonly string[],
  options: InsideOptions,
): Promise<RunningTool> {
  try {
    return await startInside(sandbox, argv, options);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "sandbox-failed") throw error;
    throw failed(archive, error.message, error);
  }
}

function toPlace(paths: SandboxPaths, { folder }: GroupArchive): string {
  return folder === "workspace" ? paths.workspace : paths.home;
}

function failed({ group }: GroupArchive, complaint: string, cause?: unknown): AppError {
  const said = complaint.split("\n").at(-1) ?? "";
  return new AppError("io", backupWords.filesFailed({ group, said }), { cause });
}
