import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { appendFile, mkdir, mkdtemp, readdir, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPackageRegistry, type PackageRegistry } from "../../test/fakes/package-registry.ts";
import { addPlugin, parsePackage, removePlugin, type PluginPlace } from "./add-plugin.ts";
import { loadPlugin } from "./load-plugin.ts";
import { readPlugins, writePlugins } from "./plugin-list.ts";

const never = new AbortController().signal;
const scope = new AsyncDisposableStack();
let registry: PackageRegistry;
let marker: string;

beforeAll(async () => {
  marker = join(await newFolder(), "marker");
  registry = scope.use(
    await startPackageRegistry([
      { name: "@pretend/one", version: "1.0.0", files: { "index.js": "export const version = 1;" } },
      {
        name: "@pretend/one",
        version: "2.0.0",
        files: { "index.js": 'export { inner as version } from "pretend-inner";' },
        manifest: {
          dependencies: { "pretend-inner": "^1.0.0" },
          scripts: {
            preinstall: `touch ${marker}`,
            install: `touch ${marker}`,
            postinstall: `touch ${marker}`,
          },
        },
      },
      { name: "pretend-inner", version: "1.0.0", files: { "index.js": "export const inner = 2;" } },
      { name: "pretend-inner", version: "1.1.0", files: { "index.js": "export const inner = 2.1;" } },
      { name: "pretend-broken", version: "1.0.0", files: { "index.js": 'throw new Error("no");' } },
      {
        name: "pretend-lost",
        version: "1.0.0",
        files: { "index.js": 'export * from "nowhere-to-be-found";' },
      },
    ]),
  );
});
afterAll(() => scope.disposeAsync());

test("a package becomes one file that is pinned by its hash and loads by itself", async () => {
  const place = await newPlace();
  const added = await addPlugin("@pretend/one", place, never);
  expect(added).toMatchObject({ name: "@pretend/one", version: "2.0.0", file: "pretend-one-2.0.0.mjs" });
  expect(await readdir(place.folder)).toEqual(["plugins.json", "pretend-one-2.0.0.mjs"]);
  expect((await stat(join(place.folder, added.file))).mode & 0o777).toBe(0o600);
  expect(await loadPlugin(place.folder, "@pretend/one")).toEqual({ version: 2.1 });
});

test("no install script of a package runs", async () => {
  await addPlugin("@pretend/one@2.0.0", await newPlace(), never);
  expect(await Bun.file(marker).exists()).toBe(false);
});

test("another version takes the place of the one before", async () => {
  const place = await newPlace();
  await addPlugin("@pretend/one", place, never);
  await addPlugin("@pretend/one@1.0.0", place, never);
  expect(await readdir(place.folder)).toEqual(["plugins.json", "pretend-one-1.0.0.mjs"]);
  expect(await loadPlugin(place.folder, "@pretend/one")).toEqual({ version: 1 });
});

test("a file that was changed is not loaded, and without the hash beside it it would have been", async () => {
  const place = await newPlace();
  const added = await addPlugin("@pretend/one", place, never);
  const path = join(place.folder, added.file);
  await appendFile(path, "\nexport const evil = 1;\n");
  await expect(loadPlugin(place.folder, "@pretend/one")).rejects.toThrow("was changed after it was added");
  const sha256 = new Bun.CryptoHasher("sha256").update(await Bun.file(path).bytes()).digest("hex");
  writePlugins(place.folder, [{ ...added, sha256 }]);
  expect(await loadPlugin(place.folder, "@pretend/one")).toHaveProperty("evil");
});

test("what is not there, is gone or is no list of ours is said with the way out", async () => {
  const place = await newPlace();
  await expect(loadPlugin(place.folder, "@pretend/one")).rejects.toThrow("is not installed as a plugin");
  const added = await addPlugin("@pretend/one", place, never);
  await rm(join(place.folder, added.file));
  await expect(loadPlugin(place.folder, "@pretend/one")).rejects.toThrow("is gone");
  await Bun.write(
    join(place.folder, "plugins.json"),
    JSON.stringify({ plugins: [{ ...added, file: "../x.mjs" }] }),
  );
  await expect(readPlugins(place.folder)).rejects.toThrow("is not the list of plugins");
});

test("a failed attempt leaves nothing behind and takes nothing away", async () => {
  const place = await newPlace();
  await addPlugin("@pretend/one@1.0.0", place, never);
  const before = await readdir(place.folder);
  await expect(addPlugin("pretend-nothing", place, never)).rejects.toThrow("could not be fetched");
  await expect(addPlugin("@pretend/one@9.9.9", place, never)).rejects.toThrow("could not be fetched");
  await expect(addPlugin("pretend-broken", place, never)).rejects.toThrow("could not be loaded");
  await expect(addPlugin("pretend-lost", place, never)).rejects.toThrow("No single file");
  await expect(addPlugin("@pretend/one", place, AbortSignal.abort())).rejects.toThrow();
  expect(await readdir(place.folder)).toEqual(before);
  expect(await loadPlugin(place.folder, "@pretend/one")).toEqual({ version: 1 });
});

describe("with a lockfile", () => {
  /** In Bun's format, as one was made while the registry still gave these. */
  function lockWith(one: string, inner: string): string {
    return JSON.stringify({
      lockfileVersion: 1,
      workspaces: { "": { name: "plugin", dependencies: { "@pretend/one": "2.0.0" } } },
      packages: {
        "@pretend/one": ["@pretend/one@2.0.0", "", { dependencies: { "pretend-inner": "^1.0.0" } }, one],
        "pretend-inner": ["pretend-inner@1.0.0", "", {}, inner],
      },
    });
  }

  test("the packages are those that stand in it, and without it the newest that suit", async () => {
    const place = await newPlace();
    const [one, inner] = [
      registry.hashOf("@pretend/one", "2.0.0"),
      registry.hashOf("pretend-inner", "1.0.0"),
    ];
    const added = await addPlugin("@pretend/one@2.0.0", place, never, lockWith(one, inner));
    expect(await loadPlugin(place.folder, "@pretend/one")).toEqual({ version: 2 });
    expect(await readdir(place.folder)).toEqual(["plugins.json", added.file]);
    await addPlugin("@pretend/one@2.0.0", place, never);
    expect(await loadPlugin(place.folder, "@pretend/one")).toEqual({ version: 2.1 });
  });

  test("other bytes under the same name are refused, of it or of what it needs, and without it they would run", async () => {
    const place = await newPlace();
    const [one, inner] = [
      registry.hashOf("@pretend/one", "2.0.0"),
      registry.hashOf("pretend-inner", "1.0.0"),
    ];
    for (const lock of [lockWith(inner, inner), lockWith(one, one)]) {
      const adding = addPlugin("@pretend/one@2.0.0", place, never, lock);
      await expect(adding).rejects.toMatchObject({ code: "denied" });
      expect(await readdir(place.folder)).toEqual([]);
    }
    await addPlugin("@pretend/one@2.0.0", place, never);
    expect(await loadPlugin(place.folder, "@pretend/one")).toHaveProperty("version");
  });
});

test("what attempts left that were killed goes with the next, and what is under way stays", async () => {
  const place = await newPlace();
  const [old, fresh] = [join(place.folder, ".add-old"), join(place.folder, ".add-fresh")];
  await Promise.all([mkdir(old), mkdir(fresh)]);
  await utimes(old, 0, 0);
  await addPlugin("@pretend/one@1.0.0", place, never);
  expect((await readdir(place.folder)).sort()).toEqual([
    ".add-fresh",
    "plugins.json",
    "pretend-one-1.0.0.mjs",
  ]);
});

test("a plugin is removed with its file", async () => {
  const place = await newPlace();
  await addPlugin("@pretend/one", place, never);
  expect(await removePlugin("@pretend/one", place.folder)).toMatchObject({ version: "2.0.0" });
  expect(await readdir(place.folder)).toEqual(["plugins.json"]);
  await expect(removePlugin("@pretend/one", place.folder)).rejects.toThrow("There is no plugin");
});

test.each([
  "../evil",
  "/etc",
  "git+https://x/y",
  "https://x/y.tgz",
  "file:x",
  "a b",
  "",
  "--global",
  "x@npm:y",
  "@x",
])("%p is no name of a package", (text) => {
  expect(() => parsePackage(text)).toThrow("is no name of a package");
});

async function newPlace(): Promise<PluginPlace> {
  const folder = await newFolder();
  const home = await newFolder();
  // Through the cache of this machine a package would come that no registry serves any more.
  const environment = { HOME: home, PATH: "/usr/bin:/bin", npm_config_registry: `${registry.url}/` };
  return { folder, environment };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-plugin-test-"));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
