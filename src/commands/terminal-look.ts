import { hasHyperlinks } from "../channels/terminal/render/hyperlinks.ts";
import type { TerminalLook } from "../channels/terminal/render/turn-screen.ts";
import type { CommandIo } from "./command-io.ts";
import { hasColor } from "./style.ts";

/** What the terminal behind standard output can do. */
export function findLook(io: CommandIo): TerminalLook {
  const isLive = io.isTerminal.output && io.env["TERM"] !== "dumb";
  return { isLive, hasColor: hasColor(io, "output"), hasLinks: isLive && hasHyperlinks(io.env) };
}
