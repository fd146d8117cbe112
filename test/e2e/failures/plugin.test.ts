import { afterAll, beforeAll } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { explain } from "../../../src/errors.ts";
import { toSha256 } from "../../../src/plugins/load-plugin.ts";
import { writePlugins } from "../../../src/plugins/plugin-list.ts";
import { createProvider } from "../../../src/providers/registry.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { type PackageRegistry, startPackageRegistry } from "../../fakes/package-registry.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";

let registry: PackageRegistry;
beforeAll(async () => {
  registry = await startPackageRegistry([
    { name: "no-module", version: "1.0.0", files: { "index.js": 'export * from "nowhere-to-be-found";' } },
    { name: "baileys", version: "7.0.0-rc14", files: { "index.js": "export const makeWASocket = 1;" } },
    { name: "no-start", version: "1.0.0", files: { "index.js": 'throw new Error("not here");' } },
  ]);
});
afterAll(() => registry[Symbol.asyncDispose]());

function typed(...argv: readonly string[]): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    return (await bench.run(argv, { env: { npm_config_registry: `${registry.url}/` } })).err;
  };
}

/** Asks through a plugin whose source is this, after `change` had its hands on the folder. */
function asking(
  source: string,
  { change, settings = {} }: { change?: (folder: string) => Promise<void>; settings?: object } = {},
): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open({
      config: {
        agents: { defaults: { model: "mine/x", provider: "mine" } },
        providers: { mine: { package: "@x/mine", ...settings } },
      },
    });
    const folder = join(bench.state, "plugins");
    await mkdir(folder, { mode: 0o700 });
    await writeFile(join(folder, "mine-1.0.0.mjs"), source);
    const sha256 = toSha256(new TextEncoder().encode(source));
    writePlugins(folder, [{ name: "@x/mine", version: "1.0.0", file: "mine-1.0.0.mjs", sha256 }]);
    await change?.(folder);
    return (await bench.ask("hi")).err;
  };
}

const failing = (error: string) =>
  `export const createMine = () => () => ({ specificationVersion: "v4", doStream: async () => { throw ${error}; } });`;

testProvocations("plugin", {
  notAName: {
    names: ['"../evil"', "nanoclaw plugins add @ai-sdk/google"],
    provoke: typed("plugins", "add", "../evil"),
  },
  notFetched: {
    names: ["nothing-there could not be fetched", "404"],
    provoke: typed("plugins", "add", "nothing-there"),
  },
  otherBytes: {
    names: ["baileys@7.0.0-rc14 is not what it is known as", "npm_config_registry"],
    provoke: typed("channels", "add", "whatsapp"),
  },
  notOneFile: { names: ["No single file", "no-module"], provoke: typed("plugins", "add", "no-module") },
  notLoadable: {
    names: ["no-start could not be loaded", "no-start@VERSION"],
    provoke: typed("plugins", "add", "no-start"),
  },
  notInstalled: {
    names: ["@x/mine is not installed", "nanoclaw plugins add @x/mine"],
    provoke: asking("", { change: async (folder) => writePlugins(folder, []) }),
  },
  changed: {
    names: ["@x/mine was changed", "nanoclaw plugins add @x/mine@1.0.0"],
    provoke: asking("1", { change: (folder) => writeFile(join(folder, "mine-1.0.0.mjs"), "2") }),
  },
  gone: {
    names: ["@x/mine is gone", "mine-1.0.0.mjs", "nanoclaw plugins add @x/mine@1.0.0"],
    provoke: asking("1", { change: (folder) => Bun.file(join(folder, "mine-1.0.0.mjs")).delete() }),
  },
  notOurList: {
    names: ["plugins.json is not the list", "nanoclaw plugins add"],
    provoke: asking("1", { change: (folder) => writeFile(join(folder, "plugins.json"), "[]") }),
  },
  unknown: { names: ["no plugin mine", "There are none"], provoke: typed("plugins", "remove", "mine") },
  noPackage: {
    names: ["Mine has no package", "nanoclaw config set providers.mine.package"],
    whyNot: "the configuration is refused before",
    provoke: () =>
      createProvider({ name: "mine", label: "Mine", wire: "ai-sdk", apiBase: "" }).then(
        String,
        (error: unknown) => toSaid(explain(error)),
      ),
  },
  noFactory: {
    names: ["@x/mine makes the provider", "createA, createB", "providers.mine.factory"],
    provoke: asking("export function createA() {} export function createB() {}"),
  },
  noModel: {
    names: ["@x/mine makes no language model", "specification 2, 3 or 4"],
    provoke: asking("export const createMine = () => () => ({})"),
  },
  wantsSetting: {
    names: ["mine wants a key or a setting: no key", "providers.mine.apiKey"],
    provoke: asking(failing('Object.assign(new Error("no key"), { name: "AI_LoadAPIKeyError" })')),
  },
  notAsked: {
    names: ["mine could not be asked: odd", "/model"],
    provoke: asking(failing('new Error("odd")')),
  },
} satisfies Record<keyof Failures["plugin"], Provocation>);
