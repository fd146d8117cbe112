import { join } from "node:path";
import { AppError } from "../errors.ts";
import { pluginWords } from "../words/english/plugin.ts";

/** All that a package exports as one file; it and what it needs lie in the `node_modules` of `root`. */
export async function bundlePackage(name: string, root: string, scratch: string): Promise<Uint8Array> {
  const entry = join(scratch, "entry.mjs");
  await Bun.write(entry, `export * from ${JSON.stringify(Bun.resolveSync(name, root))};\n`);
  try {
    const { outputs } = await Bun.build({
      entrypoints: [entry],
      target: "bun",
      format: "esm",
      minify: { syntax: true, whitespace: true },
    });
    const [output, ...others] = outputs;
    if (output !== undefined && others.length === 0) return new Uint8Array(await output.arrayBuffer());
  } catch (cause) {
    throw new AppError("config", pluginWords.notOneFile({ name }), { cause });
  }
  throw new AppError("config", pluginWords.notOneFile({ name }));
}
