import { withRight } from "../sessions/session-place.ts";
import { clearGroupTaint } from "../store/groups.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { openOwnGroup } from "./own-store.ts";

/** The owner has looked at the group's files, or does not mind: what was remembered of them is forgotten. */
export async function runClearTaint(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { group } = place;
  await withRight(place, "taint.clear", "files", (tx) => clearGroupTaint(tx, group.id));
  await io.write(
    `✓ The files of ${group.name} count as harmless again. Its conversation does not: /new begins another.\n`,
  );
  return 0;
}
