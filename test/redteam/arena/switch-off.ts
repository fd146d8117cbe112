import { join } from "node:path";
import { sourceProgram } from "../../fakes/program-bench.ts";
import type { SwitchOff } from "./attack-case.ts";

export const projectRoot = join(import.meta.dir, "../../..");

/**
 * The program from source without one control: a file in `folder` changes the text of modules as Bun loads them, then starts as
 * `main` does, which is `src/main.ts`. Throws when an edit fits nowhere or in more than one place.
 */
export async function writeWeakProgram(
  { edits, bunOptions }: Omit<SwitchOff, "without">,
  folder: string,
  main = join(projectRoot, "src/main.ts"),
): Promise<readonly string[]> {
  const changed: Record<string, string> = {};
  for (const { file, from, to } of edits) {
    const path = join(projectRoot, file);
    const text = changed[path] ?? (await Bun.file(path).text());
    const places = text.split(from).length - 1;
    if (places !== 1) throw new Error(`${JSON.stringify(from)} stands ${places} times in ${file}, not once.`);
    changed[path] = text.replace(from, () => to);
  }
  const entry = join(folder, `weak-${crypto.randomUUID()}.ts`);
  await Bun.write(
    entry,
    `import { plugin } from "bun";
const changed: Record<string, string> = ${JSON.stringify(changed)};
plugin({
  name: "weak",
  setup(build) {
    build.onLoad({ filter: /\\.ts$/ }, async ({ path }) => ({
      contents: changed[path] ?? (await Bun.file(path).text()),
      loader: "ts",
    }));
  },
});
await import(${JSON.stringify(main)});
`,
  );
  const [bun = "", ...rest] = sourceProgram;
  return [bun, ...(bunOptions ?? rest.slice(0, -1)), entry];
}
