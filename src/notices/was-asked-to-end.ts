import { readFileSync } from "node:fs";
import { systemCode } from "../errors.ts";

/** How the file begins in which a gateway says that it was told to end. */
export const endedWord = "ended";

/**
 * Whether the gateway before this one had been told to end, however little time it was then given: what it left undone is no
 * fault of what it was at work on. False where none ran yet.
 */
export function wasAskedToEnd(path: string): boolean {
  try {
    return readFileSync(path, "utf8").startsWith(`${endedWord} `);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}
