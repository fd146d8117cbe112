import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GenericSchema } from "valibot";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { formatPath } from "../config/path.ts";
import { createConfigSchema } from "../config/schema.ts";
import { type ScalarType, toShape } from "../config/shape.ts";
import { AppError } from "../errors.ts";
import { runConfigCommand } from "./config.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nanoclaw-config-command-"));
});
afterAll(() => rmSync(root, { recursive: true }));

interface Place {
  readonly path: string;
  run(...args: readonly string[]): Promise<{ code: number; output: string; errors: string }>;
}

function newPlace(text?: string, input = ""): Place {
  const home = mkdtempSync(join(root, "home-"));
  const path = join(home, "config.json");
  if (text !== undefined) writeFileSync(path, text, { mode: 0o600 });
  return {
    path,
    async run(...args) {
      const io = createFakeIo({ env: { NANOCLAW_HOME: home }, input });
      const code = await runConfigCommand(args, io, new AbortController().signal);
      return {
        code,
        output: io.out.replaceAll(path, "config.json"),
        errors: io.err.replaceAll(path, "config.json"),
      };
    },
  };
}

test("set makes the file for the owner alone, and get reads it", async () => {
  const { path, run } = newPlace();
  expect((await run("set", "agents.defaults.model", "x/y")).output).toBe(
    "agents.defaults.model is set in config.json\n",
  );
  expect(readFileSync(path, "utf8")).toBe(
    '{\n  "agents": {\n    "defaults": {\n      "model": "x/y"\n    }\n  }\n}\n',
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["config.json"]);
  expect((await run("get", "agents.defaults.model")).output).toBe("x/y\n");
  expect((await run("get", "agents.defaults.model", "--json")).output).toBe('"x/y"\n');
});

test("set keeps comments, formatting and the file's own spelling", async () => {
  const text = '{\n  // mine\n  "agents": {"defaults": {"max_tokens": 5}}, // five\n}\n';
  const { path, run } = newPlace(text);
  await run("set", "agents.defaults.maxTokens", "6");
  expect(readFileSync(path, "utf8")).toBe(text.replace("5}", "6}"));
  await run("unset", "agents.defaults.max_tokens");
  expect(readFileSync(path, "utf8")).toBe(text.replace('"max_tokens": 5', ""));
});

test("secrets are printed as [secret], also in a map and as a whole", async () => {
  const { run } = newPlace(
    '{"providers": {"openai": {"apiKey": "hunter2", "extraHeaders": {"X": "hunter2"}}}}',
  );
  expect((await run("get", "providers.openai.apiKey")).output).toBe('"[secret]"\n');
  for (const args of [["get"], ["get", "providers", "--json"], ["get", "providers.openai.extraHeaders.X"]]) {
    const { output } = await run(...args);
    expect(output).toContain("[secret]");
    expect(output).not.toContain("hunter2");
  }
});

test("what is not set is an empty line, or null", async () => {
  const { run } = newPlace();
  expect((await run("get", "providers.openai.apiKey")).output).toBe("\n");
  expect((await run("get", "agents.defaults.model", "--json")).output).toBe("null\n");
});

test("a value from standard input is taken without its line end", async () => {
  const { path, run } = newPlace(undefined, "hunter2\n");
  const { output } = await run("set", "providers.openai.apiKey", "-");
  expect(output).not.toContain("hunter2");
  expect(readFileSync(path, "utf8")).toContain('"apiKey": "hunter2"');
});

const refusals: readonly (readonly [args: readonly string[], message: string])[] = [
  [
    ["set", "agents.defaults.modle", "x"],
    'agents.defaults.modle: unknown key "modle" in agents.defaults; did you mean "model"?',
  ],
  [
    ["set", "agents.defaults.model.x", "x"],
    'agents.defaults.model.x: unknown key "x" in agents.defaults.model; it holds no keys',
  ],
  [["set", "limits.steps", "many"], "limits.steps: expected a number, found text"],
  [["set", "limits.steps", "0"], "limits.steps: expected at least 1, found 0"],
  [["set", "limits", "[]"], "limits: expected an object in { }, found text"],
  [["set", "providers.opnai.apiKey", "x"], "Nothing was written: config.json would not load."],
  [["set", "agents.defaults.model", "${NO_SUCH}"], "Nothing was written: config.json would not load."],
  [["unset", "limits.steps"], "limits.steps is not set in config.json."],
  [["set", "limits.steps"], "That is not how config is used."],
  [["get", "a..b"], '"a..b" is no key of the configuration.'],
  [["get", "--yaml"], "Unknown option --yaml."],
  [["frobnicate"], "Unknown: config frobnicate."],
];

test.each(refusals)("config %j is refused, and the file stays as it is", async (args, message) => {
  const text = '{ "gateway": { "port": 1 } }';
  const { path, run } = newPlace(text);
  const error = await run(...args).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error instanceof Error ? error.message.replaceAll(path, "config.json").split("\n")[0] : "").toBe(
    message,
  );
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("a broken file can be mended key by key", async () => {
  const { path, run } = newPlace('{"agents": {"defaults": {"modle": "x"}}, "gatway": 1}');
  await expect(run("set", "limits.steps", "5")).rejects.toThrow("would not load");
  await run("unset", "gatway");
  await run("unset", "agents.defaults.modle");
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ agents: { defaults: {} } });
});

test("${…} stays as it is written", async () => {
  const { path, run } = newPlace('{"providers": {"openai": {"apiKey": "${NANOCLAW_HOME}"}}}');
  await run("set", "limits.steps", "5");
  expect(readFileSync(path, "utf8")).toContain('"${NANOCLAW_HOME}"');
});

test("check tells whether a file would load, also as JSON", async () => {
  const good = newPlace('{"limits": {"steps": 5}}');
  expect(await good.run("check")).toEqual({ code: 0, output: "config.json: fine.\n", errors: "" });
  const bad = newPlace('{\n  "limts": {}}');
  await expect(bad.run("check")).rejects.toThrow(':2:3: unknown key "limts"; did you mean "limits"?');
  const { code, output } = await bad.run("check", bad.path, "--json");
  expect([code, JSON.parse(output)]).toEqual([
    1,
    {
      path: "config.json",
      exists: true,
      ok: false,
      problems: [{ message: 'unknown key "limts"; did you mean "limits"?', line: 2, column: 3 }],
    },
  ]);
  expect((await newPlace().run("check")).output).toBe("config.json: there is none; the defaults hold.\n");
});

test("path says where the file is, and makes nothing", async () => {
  const { path, run } = newPlace();
  expect((await run("path")).output).toBe("config.json\n");
  expect(existsSync(path)).toBe(false);
});

test("the JSON Schema has every key and tells secrets apart from nothing", async () => {
  const { output } = await newPlace().run("schema");
  const schema: unknown = JSON.parse(output);
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    additionalProperties: false,
    properties: {
      limits: { properties: { steps: { type: "integer", minimum: 1, default: 40 } } },
      channels: {
        properties: { slack: { properties: { groupPolicy: { enum: ["mention", "open", "allowlist"] } } } },
      },
      providers: {
        additionalProperties: { properties: { apiKey: { anyOf: [{ type: "string" }, { type: "null" }] } } },
      },
    },
  });
});

/** Every place of the schema that holds one value, with a value that it takes. */
function* findScalars(
  schema: GenericSchema,
  path: readonly string[],
): Iterable<readonly [key: string, value: string]> {
  const shape = toShape(schema);
  switch (shape.kind) {
    case "section":
      for (const [name, entry] of Object.entries(shape.entries)) yield* findScalars(entry, [...path, name]);
      break;
    case "map":
      yield* findScalars(shape.value, [...path, path.at(-1) === "providers" ? "openai" : "some name"]);
      break;
    case "list":
      yield [formatPath(path), '["a","b"]'];
      break;
    case "scalar":
      yield [formatPath(path), valueFor(path, shape.type)];
      break;
    default:
      shape satisfies never;
  }
}

const words: Readonly<Record<string, string>> = {
  replyDelayMode: "off",
  groupPolicy: "open",
  policy: "open",
  mode: "socket",
  runtime: "docker",
  wire: "ai-sdk",
  type: "sse",
  apiBase: "http://x",
  openrouterBase: "http://x",
  temperature: "0.5",
  compactionThreshold: "0.5",
  pollIntervalSeconds: "7",
  maxResults: "7",
  memoryMb: "700",
  cpuPercent: "70",
  jobs: "70",
  mainPercent: "70",
  quietHours: "22:00-07:00",
  provider: "auto",
  processes: "70",
};

function valueFor(path: readonly string[], type: ScalarType): string {
  const word = words[path.at(-1) ?? ""];
  if (word !== undefined) return word;
  if (type === "boolean") return "true";
  if (type === "mixed") return "2000";
  return type === "number" ? "1000" : "some text";
}

test("a part that is missing beside what is set is named as missing", async () => {
  const { run } = newPlace("{}");
  await expect(run("set", "limits.prices.some-model.input", "3")).rejects.toThrow(
    "limits.prices.some-model.output: is missing",
  );
});

test("every key can be set and read again", async () => {
  const { path, run } = newPlace('{\n  // start\n  "mcpServers": {"some name": {"command": "x"}}\n}\n');
  const secret =
    /\.(?:\w*[kK]ey|\w*[tT]oken|\w*[pP]assword|\w*[sS]ecret|env|headers|extraHeaders|options)(?:$|\[)/;
  let count = 0;
  for (const [key, value] of findScalars(createConfigSchema(), [])) {
    if (/^(?:tools\.)?mcpServers.*\.url$/.test(key) || key.startsWith("tools.mcpServers")) continue;
    // A price has two parts, and neither is anything alone.
    if (key.startsWith("limits.prices")) continue;
    await run("set", key, value);
    const { output } = await run("get", key, "--json");
    const read: unknown = JSON.parse(output);
    const isSecret = secret.test(key);
    const expected: unknown = isSecret
      ? "[secret]"
      : /^\[|^[\d.]+$|^true$/.test(value) && key !== ""
        ? JSON.parse(value)
        : value;
    expect([key, read]).toEqual([key, expected]);
    count += 1;
  }
  expect(count).toBeGreaterThan(100);
  expect(readFileSync(path, "utf8")).toContain("// start");
});
