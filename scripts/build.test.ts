import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { buildProgram } from "./build.ts";
import { plantProject } from "./plant-project.ts";

const main = `import { hello } from "./hello.ts";
declare const NANOCLAW_VERSION: string;
if (Bun.argv[2] === "--version") console.log(NANOCLAW_VERSION);
else if (Bun.argv[2] === "key") console.log(process.env["ANTHROPIC_BASE_URL"] ?? "none");
else console.log((await import("./late.ts")).late, hello);
`;

const files = {
  "package.json": '{ "version": "1.2.3" }',
  "src/main.ts": main,
  "src/hello.ts": 'export const hello = "hello";\n',
  "src/late.ts": 'export const late = "late";\n',
};

test("a build is one executable that knows its version, and the folder it is started in runs nothing", async () => {
  await using project = await plantProject(files);
  await using hostile = await plantProject({
    ".env": "ANTHROPIC_BASE_URL=http://evil.example\n",
    "bunfig.toml": 'preload = ["./evil.ts"]\n',
    "evil.ts": 'console.log("owned");\n',
    "tsconfig.json": '{ "compilerOptions": { "paths": { "*": ["./evil.ts"] } } }',
    "package.json": '{ "type": "commonjs" }',
  });
  const outfile = join(project.root, "dist/nanoclaw");
  const built = await buildProgram({ root: project.root, entry: join(project.root, "src/main.ts"), outfile });

  expect(built.version).toBe("1.2.3");
  expect(built.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(await readdir(join(project.root, "dist"))).toEqual(["nanoclaw"]);
  expect(await run([outfile, "--version"], hostile.root)).toBe("1.2.3\n");
  expect(await run([outfile, "key"], hostile.root)).toBe("none\n");
  expect(await run([outfile], hostile.root)).toBe("late hello\n");
}, 60_000);

test("a build that fails leaves the last executable and nothing else", async () => {
  await using project = await plantProject({ ...files, "dist/nanoclaw": "the last one" });
  const outfile = join(project.root, "dist/nanoclaw");
  await Bun.write(join(project.root, "src/main.ts"), 'import "./gone.ts";\n');
  const build = buildProgram({ root: project.root, entry: join(project.root, "src/main.ts"), outfile });
  await expect(build).rejects.toThrow("gone.ts");
  await build.catch(() => {});
  expect(await Bun.file(outfile).text()).toBe("the last one");
  expect(await readdir(join(project.root, "dist"))).toEqual(["nanoclaw"]);
}, 60_000);

async function run(argv: string[], cwd: string): Promise<string> {
  const child = Bun.spawn(argv, { cwd, stdout: "pipe", stderr: "inherit" });
  return await new Response(child.stdout).text();
}
