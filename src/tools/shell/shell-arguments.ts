import { AppError } from "../../errors.ts";

const script = `exec 2>&1
command -v bash >/dev/null && exec bash -c -- "$1"
exec sh -c -- "$1"`;

/** Linux takes no longer argument. */
const longest = 128 * 1024 - 1;

/** The argv that runs `command` in bash, or in sh where there is none, with one pipe for both outputs so that they keep their order. */
export function toShellArguments(command: string): readonly string[] {
  if (command.includes("\0")) throw new AppError("usage", "A command cannot contain a NUL character.");
  if (Buffer.byteLength(command) > longest) {
    throw new AppError("usage", `The command is longer than ${longest} bytes.`, {
      hint: "Write it to a file with write_file and run that.",
    });
  }
  return ["sh", "-c", script, "sh", command];
}
