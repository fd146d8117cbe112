import { join } from "node:path";
import { writePages } from "./troubleshooting/page.ts";

/** Writes the pages of `docs/troubleshooting.md`, one for each language. */
if (import.meta.main) {
  for (const [path, text] of Object.entries(writePages()))
    await Bun.write(join(import.meta.dir, "..", path), text);
}
