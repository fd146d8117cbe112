import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, systemCode } from "../errors.ts";
import { memoryWords } from "../words/english/memory.ts";
import type { StreamIo } from "./command-io.ts";

/**
 * What the person makes of a text: in `$VISUAL` or `$EDITOR` at a terminal, else what standard input brings. Throws `AppError`:
 * nothing was given, there is no editor, or it failed.
 */
export async function editText(
  text: string,
  name: string,
  io: StreamIo,
  signal: AbortSignal,
): Promise<string> {
  if (!io.isTerminal.input) {
    const given = new TextDecoder().decode(await io.readAllInput(signal));
    // A script without input must not be what empties a file.
    if (given === "") throw new AppError("usage", memoryWords.noText());
    return given;
  }
  const editor = [io.env["VISUAL"], io.env["EDITOR"]].find(
    (each) => each !== undefined && each.trim() !== "",
  );
  if (editor === undefined) throw new AppError("usage", memoryWords.noEditor());
  // For nobody else to read, as what it is made of.
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-edit-"));
  try {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    await runEditor(editor, path, io, signal);
    return await Bun.file(path).text();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `code --wait` is two words; an editor whose path has a space is called by a link. */
async function runEditor(editor: string, path: string, io: StreamIo, signal: AbortSignal): Promise<void> {
  const argv = [...editor.trim().split(/\s+/), path];
  try {
    const child = Bun.spawn(argv, {
      env: { ...io.env },
      cwd: io.cwd,
      stdio: ["inherit", "inherit", "inherit"],
      signal,
    });
    const code = await child.exited;
    signal.throwIfAborted();
    if (code !== 0) throw new AppError("usage", memoryWords.editorFailed({ editor, code }));
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause;
    throw new AppError("not-found", memoryWords.editorMissing({ editor }), { cause });
  }
}
