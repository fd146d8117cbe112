import { afterAll, beforeAll, expect, test } from "bun:test";
import { appendFile, mkdtemp, readdir, rm, stat } from "node:fs/promises";
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
          dependencies: { "pretend-inner": "1.0.0" },
          scripts: {
            preinstall: `touch ${marker}`,
            install: `touch ${marker}`,
            postinstall: `touch ${marker}`,
          },
        },
      },
      { name: "pretend-inner", version: "1.0.0", files: { "index.js": "export const inner = 2;" } },
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
  expect(await loadPlugin(place.folder, "@pretend/one")).toEqual({ version: 2 });
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
