import { AppError } from "../../errors.ts";
import { toVisibleLine } from "../visible.ts";

/**
 * The start of a script that opens `$1`: prints one word and ends when that is no readable regular file, so that
 * a pipe or a device is never opened. What the word means stands in `toFileProblem`.
 */
export const refuseIrregular = `
[ -e "$1" ] || { [ -L "$1" ] && echo dangling || echo absent; exit 0; }
[ -d "$1" ] && { echo folder; exit 0; }
[ -f "$1" ] || { echo special; exit 0; }
[ -r "$1" ] || { echo unreadable; exit 0; }
`;

/** The error for the word that a script printed; nothing when the word means something else. */
export function toFileProblem(word: string, path: string): AppError | undefined {
  const name = toVisibleLine(path, 200);
  switch (word) {
    case "absent":
      return new AppError("not-found", `There is no file ${name}.`, {
        hint: "list_files shows what is there.",
      });
    case "dangling":
      return new AppError("not-found", `${name} is a link to something that does not exist.`);
    case "folder":
      return new AppError("usage", `${name} is a folder.`, { hint: "Use list_files." });
    case "special":
      return new AppError("usage", `${name} is a pipe, socket or device, not a file.`);
    case "unreadable":
      return new AppError("io", `${name} cannot be read: permission was refused.`);
    case "unwritable":
      return new AppError("io", `${name} cannot be written: permission was refused.`);
    case "changed":
      return new AppError("conflict", `${name} was changed by something else in the meantime.`, {
        hint: "Read it again, then edit.",
      });
    case "incomplete":
      return new AppError("io", `${name} was not written: its content did not arrive whole.`);
    default:
      return undefined;
  }
}

/** Parts what a script printed into its first line and the bytes after it. */
export function splitHeader(output: Uint8Array): {
  readonly header: readonly string[];
  readonly body: Uint8Array;
} {
  const end = output.indexOf(0x0a);
  const line = end === -1 ? output : output.subarray(0, end);
  return {
    header: new TextDecoder().decode(line).trim().split(/\s+/),
    body: end === -1 ? new Uint8Array(0) : output.subarray(end + 1),
  };
}
