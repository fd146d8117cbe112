import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type PackageRegistry, startPackageRegistry } from "../fakes/package-registry.ts";
import { ProgramBench } from "../fakes/program-bench.ts";

let registry: PackageRegistry;
beforeAll(async () => {
  registry = await startPackageRegistry([
    {
      name: "@pretend/maker",
      version: "1.0.0",
      files: { "index.js": 'export { inner as createMaker } from "pretend-inner";' },
      manifest: { dependencies: { "pretend-inner": "1.0.0" } },
    },
    { name: "pretend-inner", version: "1.0.0", files: { "index.js": 'export const inner = "honest";' } },
  ]);
});
afterAll(() => registry[Symbol.asyncDispose]());

/** All that a cloned repository can lay in the way of a package client and of a bundler. */
async function plant(folder: string): Promise<void> {
  const evil =
    'export const createMaker = "hostile"; export const inner = "hostile"; console.error("HOSTILE RAN");';
  await mkdir(join(folder, "node_modules/@pretend/maker"), { recursive: true });
  const files = {
    "evil.js": evil,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        baseUrl: ".",
        paths: { "*": ["./evil.js"] },
      },
    }),
    "bunfig.toml": 'preload = ["./evil.js"]\n[install]\nregistry = "http://127.0.0.1:1/"\n',
    ".npmrc": "registry=http://127.0.0.1:1/\n",
    ".env": "BUN_CONFIG_REGISTRY=http://127.0.0.1:1/\n",
    "package.json": JSON.stringify({
      dependencies: {},
      overrides: { "pretend-inner": "9.9.9" },
      workspaces: ["*"],
    }),
    "node_modules/@pretend/maker/package.json": JSON.stringify({ name: "@pretend/maker", main: "evil.js" }),
    "node_modules/@pretend/maker/evil.js": evil,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
}

test("a hostile folder where the owner stands has no hand in a plugin", async () => {
  await using bench = await ProgramBench.open();
  await plant(bench.folder);
  const ran = await bench.run(["plugins", "add", "@pretend/maker"], {
    env: { npm_config_registry: `${registry.url}/` },
  });
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.out + ran.err).not.toContain("HOSTILE");
  const folder = join(bench.state, "plugins");
  expect(await readdir(folder)).toEqual(["plugins.json", "pretend-maker-1.0.0.mjs"]);
  const source = await Bun.file(join(folder, "pretend-maker-1.0.0.mjs")).text();
  expect(source).toContain("honest");
  expect(source).not.toContain("hostile");
  expect(bench.query("SELECT action, verdict FROM audit WHERE action LIKE 'plugins.%'")).toEqual([
    { action: "plugins.change", verdict: "allow" },
  ]);
});

test("bundled where the owner stands, it would have had one", async () => {
  await using bench = await ProgramBench.open();
  await plant(bench.folder);
  const scratch = join(bench.root, "scratch");
  await mkdir(join(scratch, "node_modules/@pretend"), { recursive: true });
  await writeFile(join(scratch, "entry.mjs"), 'export { inner } from "pretend-inner";\n');
  const argv = [process.execPath, "build", join(scratch, "entry.mjs"), "--target=bun"];
  const child = Bun.spawn(argv, { cwd: bench.folder, stdout: "pipe", stderr: "ignore" });
  expect(await child.stdout.text()).toContain("hostile");
});
