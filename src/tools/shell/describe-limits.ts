import type { SandboxExit } from "../../sandbox/sandbox.ts";

export const flooded = "stopped: it printed more than a command may; send long output to a file";

const hitWords = {
  memory: "the memory that this sandbox may use ran out, and a process was killed for it",
  processes: "this sandbox had as many processes as it may, and no more could be started",
} as const;

/** What a model is told of limits that were met: it would look for the fault in its command. */
export function describeHits({ hits = [] }: SandboxExit): string[] {
  return hits.map((hit) => hitWords[hit]);
}
