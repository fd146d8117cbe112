import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { startPackageRegistry, type PackageRegistry } from "../fakes/package-registry.ts";
import { ProgramBench } from "../fakes/program-bench.ts";

const other = {
  name: "baileys",
  version: "7.0.0-rc14",
  files: { "index.js": "export const makeWASocket = 1;" },
};
let registry: PackageRegistry;
let isHeld = false;
const asked = Promise.withResolvers<void>();

beforeAll(async () => {
  registry = await startPackageRegistry([other], (path) => {
    if (!isHeld || !path.endsWith(".tgz")) return undefined;
    asked.resolve();
    return new Promise(() => {});
  });
});
afterAll(() => registry[Symbol.asyncDispose]());

/** Nothing of it was kept, and the channel is as it was. */
async function expectNothingKept(bench: ProgramBench): Promise<void> {
  expect(await readdir(join(bench.state, "plugins")).catch(() => [])).toEqual([]);
  expect(await Bun.file(join(bench.state, "config.json")).text()).not.toContain("whatsapp");
  const listed = await bench.run(["channels", "list", "--json"]);
  expect(listed.out).toMatch(/"name": "whatsapp",\s+"isOn": false/);
}

test("a registry that gives another library under the same name and version is refused, and nothing of it stays", async () => {
  await using bench = await ProgramBench.open();
  const env = { npm_config_registry: `${registry.url}/` };
  const { code, err } = await bench.run(["channels", "add", "whatsapp"], { env });
  expect(code).toBe(1);
  expect(err).toContain("baileys@7.0.0-rc14 is not what it is known as, so nothing of it was kept");
  await expectNothingKept(bench);
  // Where the owner asks for whatever the registry has, he gets it.
  expect(await bench.run(["plugins", "add", "baileys@7.0.0-rc14"], { env })).toMatchObject({ code: 0 });
});

test("without a network it is said that the library could not be fetched", async () => {
  await using bench = await ProgramBench.open();
  const env = { npm_config_registry: "http://127.0.0.1:1/" };
  const { code, err } = await bench.run(["channels", "add", "whatsapp"], { env });
  expect(code).toBe(1);
  expect(err).toContain("The package baileys@7.0.0-rc14 could not be fetched:");
  expect(err).toContain("whether the registry can be reached");
  await expectNothingKept(bench);
});

test("Ctrl-C while it is fetched ends it at once, and leaves nothing half made", async () => {
  await using bench = await ProgramBench.open();
  isHeld = true;
  const adding = bench.start(["channels", "add", "whatsapp"], {
    env: { npm_config_registry: `${registry.url}/` },
  });
  await asked.promise;
  adding.kill("SIGINT");
  expect((await adding.ended).code).toBe(130);
  await expectNothingKept(bench);
});
