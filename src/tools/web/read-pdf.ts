import { AppError } from "../../errors.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { readAtMost } from "./read-at-most.ts";

const mostBytes = 2_000_000;
const script = `command -v pdftotext >/dev/null || exit 127
cat >in.pdf && exec pdftotext -enc UTF-8 -nopgbrk in.pdf -`;

/** In a sandbox that holds nothing else and reaches nothing: whoever made the file may have meant harm. */
export async function readPdf(bytes: Uint8Array, sandbox: Sandbox, signal: AbortSignal): Promise<string> {
  const child = await sandbox.spawn(["sh", "-c", script], { stdin: bytes, signal, timeoutMs: 30_000 });
  const text = new TextDecoder().decode(
    await readAtMost(child.stdout, mostBytes, "The text of the PDF", signal),
  );
  const exit = await child.exited;
  signal.throwIfAborted();
  const code = exit.type === "exited" ? exit.code : undefined;
  if (code === 127) {
    throw new AppError(
      "usage",
      "A PDF cannot be read here: pdftotext is missing (Debian: apt-get install poppler-utils).",
    );
  }
  if (code !== 0) throw new AppError("usage", "It is no PDF that can be read.");
  return text;
}
