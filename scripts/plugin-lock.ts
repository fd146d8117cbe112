import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLockfile, toRecord, type LockedPackage } from "./check-lockfile.ts";

/** The library of a channel, in the version that its tests run with. */
const library = "baileys";
export const pluginLockPath = "src/channels/whatsapp/baileys.lock";

/** What a package asks for without naming it needed: types, and what it does with pictures if it can. */
const leftOut = /^@types\//;
const unused = [
  "dev",
  "devOptional",
  "peer",
  "peerDependencies",
  "peerDependenciesMeta",
  "optionalDependencies",
];

/**
 * The lockfile with which a machine fetches the library: each package of it in one version, by its hash, as they stand in our own
 * `package-lock.json`. Whoever serves other bytes is refused.
 */
export async function makePluginLock(root: string): Promise<string> {
  const { packages } = parseLockfile(await Bun.file(join(root, "package-lock.json")).text());
  const needed: Record<string, LockedPackage> = {};
  collect(`node_modules/${library}`, packages, needed);
  const version = packages[`node_modules/${library}`]?.["version"];
  const manifest = { name: "plugin", dependencies: { [library]: version } };
  const scratch = await mkdtemp(join(tmpdir(), "plugin-lock-"));
  try {
    await Bun.write(join(scratch, "package.json"), JSON.stringify(manifest));
    const lock = {
      name: "plugin",
      lockfileVersion: 3,
      requires: true,
      packages: { "": manifest, ...needed },
    };
    await Bun.write(join(scratch, "package-lock.json"), JSON.stringify(lock));
    const env = { BUN_BE_BUN: "1", HOME: scratch };
    const argv = [process.execPath, "pm", "migrate"];
    const { exitCode, stderr } = Bun.spawnSync(argv, { cwd: scratch, env, stdout: "ignore", stderr: "pipe" });
    if (exitCode !== 0) throw new Error(`the lockfile was not converted: ${stderr.toString()}`);
    return await Bun.file(join(scratch, "bun.lock")).text();
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function collect(
  key: string,
  packages: Readonly<Record<string, LockedPackage>>,
  needed: Record<string, LockedPackage>,
): void {
  const found = packages[key];
  if (found === undefined) throw new Error(`${key} is not locked`);
  if (key in needed) return;
  const wanted = Object.entries(toRecord(found["dependencies"])).filter(([name]) => !leftOut.test(name));
  const kept = Object.fromEntries(Object.entries(found).filter(([field]) => !unused.includes(field)));
  needed[key] = { ...kept, dependencies: Object.fromEntries(wanted) };
  for (const [name] of wanted) collect(findKey(key, name, packages), packages, needed);
}

/** Where Node would look: inside of it, beside it, then further up. */
function findKey(from: string, name: string, packages: Readonly<Record<string, LockedPackage>>): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const key = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (key in packages || folder === "") return key;
  }
}

if (import.meta.main) {
  const root = join(import.meta.dir, "..");
  await Bun.write(join(root, pluginLockPath), await makePluginLock(root));
}
