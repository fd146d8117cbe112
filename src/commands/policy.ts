import { createTerminalOwner } from "../authority/actor.ts";
import { systemClock } from "../clock.ts";
import { findHome, prepareHome } from "../home.ts";
import { withRight } from "../sessions/session-place.ts";
import { clearGroupTaint, getGroup, mainGroup } from "../store/groups.ts";
import { openStore } from "../store/store.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";

/** The owner has looked at the group's files, or does not mind: what was remembered of them is forgotten. */
export async function runClearTaint(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { root } = findHome(io.env);
  await prepareHome(root);
  await using store = await openStore({ folder: root, clock: systemClock }, signal);
  const group = await getGroup(store.database, args.words[0] ?? mainGroup);
  const actor = createTerminalOwner(process.getuid?.() ?? 0, group.name);
  await withRight({ store, group, actor, clock: systemClock }, "taint.clear", "files", (tx) =>
    clearGroupTaint(tx, group.id),
  );
  await io.write(
    `✓ The files of ${group.name} count as harmless again. Its conversation does not: /new begins another.\n`,
  );
  return 0;
}
