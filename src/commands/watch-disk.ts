import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Saying } from "../words/define-words.ts";
import type { CommandIo } from "./command-io.ts";

/** When the disk is full, what may have filled it is ended first. */
export function watchDisk(io: CommandIo): {
  readonly sandboxes: Set<Sandbox>;
  readonly onFull: (saying: Saying) => Promise<void>;
} {
  const sandboxes = new Set<Sandbox>();
  return {
    sandboxes,
    onFull: async ({ message, hint = "" }) => {
      for (const sandbox of sandboxes) sandbox.stop?.();
      await io.writeError(`nanoclaw: ${message}\n${hint}\n`);
    },
  };
}
