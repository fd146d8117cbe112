import { AppError } from "../../src/errors.ts";
import type { UndoService } from "../../src/snapshots/undo-service.ts";

/** Two turns to go back to, and no files. What is done is told to `log`. The wish `none` finds nothing, `gone` fails. */
export function createFakeUndo(log: string[]): UndoService {
  return {
    list: async () => ["   2  10:42  “tidy up”", "   1  09:00  “begin”"],
    async prepare(wish = "last") {
      if (wish === "none") return undefined;
      if (wish === "gone") throw new AppError("not-found", "There is nothing under that number.");
      let outcome = "no";
      return {
        target: 2,
        summary: "1 file changed since 10:42 (“tidy up”)",
        changes: ["~ notes.md  3 B → 5 B"],
        async apply() {
          outcome = "yes";
          return "Undone: 1 file changed.";
        },
        async [Symbol.asyncDispose]() {
          log.push(`${wish}: ${outcome}`);
        },
      };
    },
  };
}
