import { joinTaint, parseTaintBits } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { KeepFile } from "../incoming/receive-files.ts";
import type { Session } from "../store/sessions.ts";
import { enterSandbox, type ToolPlace } from "./session-tools.ts";
import { TurnTaint } from "./turn-taint.ts";

/** What somebody sent along with a message, put where the group's assistant finds it. */
export async function keepIncoming(
  file: Parameters<KeepFile>[0],
  { actor, taint: own }: Parameters<KeepFile>[1],
  place: Omit<ToolPlace, "actor"> & { readonly session: Session },
  signal: AbortSignal,
): Promise<string> {
  const { authority, group, session } = place;
  const object = { group: group.name, name: file.name };
  const decision = await authority.decide(actor, "files.receive", object, own);
  if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
  const taint = new TurnTaint(joinTaint(parseTaintBits(session.taint), own));
  const sandbox = await enterSandbox(await place.toolsFor(session), place, taint);
  const { keepFile } = await import("../incoming/keep-file.ts");
  return await keepFile(sandbox, file, signal);
}
