import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PlantedProject extends AsyncDisposable {
  readonly root: string;
}

/** A throwaway folder that holds these files: what a check is shown to see that it finds what was planted. */
export async function plantProject(files: Readonly<Record<string, string>>): Promise<PlantedProject> {
  const root = await mkdtemp(join(tmpdir(), "nanoclaw-planted-"));
  await Promise.all(Object.entries(files).map(([path, text]) => Bun.write(join(root, path), text)));
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
