import { hasHyperlinks } from "../channels/terminal/render/hyperlinks.ts";
import type { CommandIo } from "./command-io.ts";
import { hasColor } from "./style.ts";

/** What the terminal behind standard output can do. */
export interface TerminalLook {
  /** What stands there can be taken back: a status line, an answer that is drawn while it grows. */
  readonly isLive: boolean;
  readonly hasColor: boolean;
  readonly hasLinks: boolean;
}

export function findLook(io: CommandIo): TerminalLook {
  const isLive = io.isTerminal.output && io.env["TERM"] !== "dumb";
  return { isLive, hasColor: hasColor(io, "output"), hasLinks: isLive && hasHyperlinks(io.env) };
}
