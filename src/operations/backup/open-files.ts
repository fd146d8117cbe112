import { readdir, readlink } from "node:fs/promises";

/** Another process that has one of `paths` open, as far as the system lets us see; nothing where it has no `/proc`. */
export async function findUser(paths: readonly string[]): Promise<number | undefined> {
  const wanted = new Set(paths);
  const processes = await readdir("/proc").catch((): string[] => []);
  const others = processes.filter((id) => /^\d+$/.test(id) && Number(id) !== process.pid);
  const uses = await Promise.all(others.map((id) => hasOpen(`/proc/${id}/fd`, wanted)));
  return others.filter((_, index) => uses[index]).map(Number)[0];
}

async function hasOpen(folder: string, wanted: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(folder).catch((): string[] => []);
  const targets = descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => ""));
  return (await Promise.all(targets)).some((target) => wanted.has(target));
}
