import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundlePackage } from "../../src/plugins/bundle-package.ts";
import { toSha256 } from "../../src/plugins/load-plugin.ts";
import { writePlugins, type Plugin } from "../../src/plugins/plugin-list.ts";

export interface PluginFolder extends AsyncDisposable {
  readonly folder: string;
}

/** A folder of plugins as `plugins add` leaves it, of packages that lie in our own `node_modules`. */
export async function makePluginFolder(...names: readonly string[]): Promise<PluginFolder> {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-plugins-"));
  const plugins: Plugin[] = [];
  const scratch = join(folder, "scratch");
  await mkdir(scratch);
  await symlink(join(import.meta.dir, "../../node_modules"), join(scratch, "node_modules"));
  for (const name of names) {
    const bytes = await bundlePackage(name, scratch, AbortSignal.timeout(60_000));
    const file = `${name.replace(/\W+/g, "-").replace(/^-/, "")}.mjs`;
    await Bun.write(join(folder, file), bytes);
    plugins.push({ name, version: "1.0.0", file, sha256: toSha256(bytes) });
  }
  writePlugins(folder, plugins);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
