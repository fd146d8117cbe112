import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { createFakeKeyboard } from "../../test/fakes/keyboard.ts";
import { type FakeOpenRouter, startFakeOpenRouter } from "../../test/fakes/openrouter.ts";
import { loadConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { openKeyring } from "../keyring.ts";
import type { LocalServer } from "../providers/local.ts";
import { resolveModel, type ResolvedModel } from "../providers/resolve.ts";
import { readSecrets } from "../secrets.ts";
import type { KeyCheck, LoginEffects } from "../login/effects.ts";
import { runOnboardCommand } from "./onboard.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nanoclaw-onboard-"));
});
afterAll(() => rmSync(root, { recursive: true }));

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in. */
  readonly input?: string;
  /** What is typed, at a terminal. */
  readonly keys?: readonly string[];
  readonly servers?: readonly LocalServer[];
  readonly check?: (model: ResolvedModel) => KeyCheck;
  readonly visit?: (url: string) => void;
}

interface Place {
  readonly home: string;
  run(args: readonly string[], given?: Given): Promise<{ code: number; output: string; errors: string }>;
  /** The model that answers afterwards. */
  resolve(): Promise<ResolvedModel>;
}

const ollama: LocalServer = {
  name: "ollama",
  label: "Ollama",
  apiBase: "http://127.0.0.1:9/v1",
  models: ["llama", "qwen"],
};

function newPlace(text?: string): Place {
  const home = join(mkdtempSync(join(root, "x-")), "home");
  if (text !== undefined) {
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, "config.json"), text, { mode: 0o600 });
  }
  return {
    home,
    async run(args, given = {}) {
      const env = { NANOCLAW_HOME: home, ...given.env };
      const isTerminal = given.keys !== undefined;
      const input = given.input === undefined ? {} : { input: given.input };
      const io = createFakeIo({
        env,
        ...input,
        isTerminal,
        ...(isTerminal ? { inputKind: "terminal" } : {}),
      });
      const effects: LoginEffects = {
        findLocalServers: async () => given.servers ?? [],
        checkKey: async (model) => given.check?.(model) ?? { outcome: "accepted" },
        openBrowser(url) {
          given.visit?.(url);
          return given.visit !== undefined;
        },
        openKeyboard: () => createFakeKeyboard(given.keys ?? [], true),
      };
      const code = await runOnboardCommand(args, io, new AbortController().signal, effects);
      return { code, output: io.out, errors: io.err };
    },
    async resolve() {
      const { config } = await loadConfig(join(home, "config.json"), {});
      return resolveModel({
        config,
        keyring: await openKeyring({ environment: {}, secretsPath: join(home, "secrets.json") }),
      });
    },
  };
}

/** The browser of a person who agrees. */
async function visit(server: FakeOpenRouter, url: string): Promise<void> {
  await fetch(await server.agree(url));
}

describe("the files", () => {
  test("a first run makes the config, the workspace and its files, for the owner alone", async () => {
    const { home, run } = newPlace();
    const { code, output } = await run([]);
    expect(code).toBe(0);
    for (const words of ["Created config", "Created workspace", "Created AGENTS.md", "is ready"]) {
      expect(output).toContain(words);
    }
    expect(
      existsSync(join(home, "groups/main/AGENTS.md")) &&
        existsSync(join(home, "groups/main/memory/MEMORY.md")),
    ).toBe(true);
    expect(statSync(join(home, "config.json")).mode & 0o777).toBe(0o600);
    expect((await loadConfig(join(home, "config.json"), {})).notices).toEqual([]);
  });

  test("a second run keeps every value, also unknown ones, and says what is wrong with them", async () => {
    const text = '{"existing": true}';
    const { home, run } = newPlace(text);
    const { code, output, errors } = await run([]);
    expect(code).toBe(0);
    expect(output).toContain("Config already exists");
    expect(output).toContain("existing values preserved");
    expect(output).toContain("Created AGENTS.md");
    expect(errors).toContain('unknown key "existing"');
    expect(readFileSync(join(home, "config.json"), "utf8")).toBe(text);
  });

  test("--reset starts again and keeps the old file", async () => {
    const { home, run } = newPlace('{"existing": true}');
    expect((await run(["--reset"])).output).toContain("Config reset to defaults");
    const [backup = ""] = readdirSync(join(home, "backups"));
    expect(readFileSync(join(home, "backups", backup), "utf8")).toBe('{"existing": true}');
    expect((await loadConfig(join(home, "config.json"), {})).notices).toEqual([]);
  });

  test("a workspace that exists is not made again, and an edited file stays", async () => {
    const { home, run } = newPlace("{}");
    await run([]);
    writeFileSync(join(home, "groups/main/SOUL.md"), "mine");
    rmSync(join(home, "groups/main/AGENTS.md"));
    const { output } = await run([]);
    expect(output).not.toContain("Created workspace");
    expect(output).toContain("Created AGENTS.md");
    expect(readFileSync(join(home, "groups/main/SOUL.md"), "utf8")).toBe("mine");
  });
});

describe("without a terminal", () => {
  test("and without a key the four ways are listed", async () => {
    const { output } = await newPlace().run([]);
    for (const words of ["ANTHROPIC_API_KEY", "--key-stdin", "--local", "--openrouter", "--demo"]) {
      expect(output).toContain(words);
    }
  });

  test("a key in the environment is enough, and is not written anywhere", async () => {
    const { home, run } = newPlace();
    const { output } = await run([], { env: { ANTHROPIC_API_KEY: "sk-ant-hunter2" } });
    expect(output).toContain("from Anthropic answers");
    expect(existsSync(join(home, "secrets.json"))).toBe(false);
    expect(readFileSync(join(home, "config.json"), "utf8")).not.toContain("hunter2");
  });

  test("a piped key is recognised, checked, and kept in secrets.json only", async () => {
    const { home, run, resolve } = newPlace();
    const seen: string[] = [];
    const { output, errors } = await run(["--key-stdin"], {
      input: "OPENROUTER_API_KEY='sk-or-v1-hunter2'\n",
      env: { ANTHROPIC_API_KEY: "sk-ant-other" },
      check(model) {
        seen.push(`${model.name} ${model.apiKey?.open()}`);
        return { outcome: "accepted" };
      },
    });
    expect(seen).toEqual(["openrouter sk-or-v1-hunter2"]);
    expect(output + errors).not.toContain("hunter2");
    expect((await readSecrets(join(home, "secrets.json"))).get("OPENROUTER_API_KEY")?.open()).toBe(
      "sk-or-v1-hunter2",
    );
    expect(readFileSync(join(home, "config.json"), "utf8")).not.toContain("hunter2");
    expect(await resolve()).toMatchObject({ name: "openrouter" });
  });

  test("a refused key is not kept", async () => {
    const { home, run } = newPlace();
    const refused = run(["--key-stdin"], {
      input: "sk-ant-hunter2",
      check: () => ({ outcome: "refused", message: "invalid x-api-key" }),
    });
    await expect(refused).rejects.toThrow("Anthropic refused the key: invalid x-api-key");
    expect(existsSync(join(home, "secrets.json"))).toBe(false);
  });

  test("a key that could not be checked is kept, and that is said", async () => {
    const { output } = await newPlace().run(["--key-stdin"], {
      input: "sk-ant-hunter2",
      check: () => ({ outcome: "unknown", message: "no network." }),
    });
    expect(output).toContain("The key could not be checked: no network.");
  });

  test("a key without a mark needs the provider's name", async () => {
    const { run, resolve } = newPlace();
    await expect(run(["--key-stdin"], { input: "sk-0123456789abcdef" })).rejects.toThrow(
      "does not say whose it is",
    );
    await run(["--key-stdin", "--provider", "deepseek"], { input: "sk-0123456789abcdef" });
    expect(await resolve()).toMatchObject({ name: "deepseek" });
  });

  test("a provider of one's own takes a key, an address and a model", async () => {
    const { home, run, resolve } = newPlace();
    await run(
      ["--key-stdin", "--provider", "companyProxy", "--api-base", "https://c.example/v1", "--model", "big"],
      {
        input: "secret-0123456789",
      },
    );
    const model = await resolve();
    expect(model).toMatchObject({ name: "companyProxy", model: "big", apiBase: "https://c.example/v1" });
    expect(model.apiKey?.open()).toBe("secret-0123456789");
    expect(readFileSync(join(home, "config.json"), "utf8")).toContain('"apiKey": "${COMPANYPROXY_API_KEY}"');
  });

  test.each(["", "two words", "short"])("%j is no key", async (input) => {
    const error = await newPlace()
      .run(["--key-stdin"], { input })
      .catch((thrown: unknown) => thrown);
    expect(error instanceof AppError && error.code).toBe("usage");
  });

  test("--demo chooses the demo, and a key later takes its place", async () => {
    const { run, resolve } = newPlace();
    await run(["--demo"]);
    expect(await resolve()).toMatchObject({ name: "demo", chosenBy: "config" });
    await run(["--key-stdin"], { input: "sk-ant-0123456789" });
    expect(await resolve()).toMatchObject({ name: "anthropic" });
  });

  test("--local takes a server that was found, or an address", async () => {
    const { run, resolve } = newPlace();
    await expect(run(["--local"])).rejects.toThrow("No model server was found on this machine.");
    await expect(run(["--local", "--model", "gpt"], { servers: [ollama] })).rejects.toThrow(
      "Found: Ollama (llama, qwen)",
    );
    await run(["--local", "--model", "qwen"], { servers: [ollama] });
    expect(await resolve()).toMatchObject({ name: "ollama", model: "qwen", apiBase: ollama.apiBase });
    await run(["--local", "--api-base", "http://127.0.0.1:8/v1", "--model", "org/m"]);
    expect(await resolve()).toMatchObject({ name: "vllm", model: "org/m", apiBase: "http://127.0.0.1:8/v1" });
  });

  test("--openrouter prints the address and waits for the browser", async () => {
    await using server = startFakeOpenRouter();
    const { home, run, resolve } = newPlace();
    const { output } = await run(["--openrouter"], {
      env: { NANOCLAW_LOGIN__OPENROUTER_BASE: server.base },
      visit: (url) => void visit(server, url),
    });
    expect(output).toContain(`${server.base}/auth?callback_url=`);
    expect(output).not.toContain(server.key);
    expect((await readSecrets(join(home, "secrets.json"))).get("OPENROUTER_API_KEY")?.open()).toBe(
      server.key,
    );
    expect(await resolve()).toMatchObject({ name: "openrouter" });
  });

  test.each([
    [["--demo", "--local"], "Only one of --demo and --local can be meant."],
    [["--api-base", "http://x"], "--api-base belongs to a provider."],
    [["--demo", "--model", "x"], "--demo takes no provider, model or address."],
    [["--what"], "Unknown option '--what'."],
    [["sk-or-v1-hunter2"], "onboard takes no words of its own: a key goes to --key-stdin."],
  ])("%j is wrong usage", async (args, message) => {
    const error = await newPlace()
      .run(args)
      .catch((thrown: unknown) => thrown);
    expect(error instanceof AppError && [error.code, error.message]).toEqual(["usage", message]);
  });
});

describe("at a terminal", () => {
  test("the first screen offers what was found and the three ways that are always there", async () => {
    const { run, resolve } = newPlace();
    const { output } = await run([], { keys: ["1\r", "2\r"], servers: [ollama] });
    expect(output).toContain("1  Ollama on this machine (http://127.0.0.1:9/v1): llama, qwen");
    expect(output).toContain("4  The built-in demo");
    expect(output).toContain("qwen from Ollama answers.");
    expect(await resolve()).toMatchObject({ name: "ollama", model: "qwen" });
  });

  test("a pasted key is not shown, and a refused one is asked for again", async () => {
    const { run, resolve } = newPlace();
    const { output } = await run([], {
      keys: ["2\r", "sk-ant-wrong-key\r", "nonsense key\r", "sk-ant-right-key\r"],
      check: ({ apiKey }) =>
        apiKey?.open() === "sk-ant-right-key"
          ? { outcome: "accepted" }
          : { outcome: "refused", message: "no." },
    });
    expect(output).toContain("Anthropic refused the key: no.");
    expect(output).toContain("That does not look like an API key.");
    expect(output).not.toContain("sk-ant-");
    expect((await resolve()).apiKey?.open()).toBe("sk-ant-right-key");
  });

  test("a key without a mark asks whose it is", async () => {
    const { run, resolve } = newPlace();
    const { output } = await run([], { keys: ["2\r", "sk-0123456789abcdef\r", "1\r"] });
    expect(output).toContain("Whose key is it?");
    expect(await resolve()).toMatchObject({ name: "openrouter" });
  });

  test("the demo is one key away", async () => {
    const { run, resolve } = newPlace();
    await run([], { keys: ["3\r"] });
    expect(await resolve()).toMatchObject({ name: "demo" });
  });

  test("signing in through the browser works from there too, and Ctrl-C gives up", async () => {
    await using server = startFakeOpenRouter();
    const env = { NANOCLAW_LOGIN__OPENROUTER_BASE: server.base };
    const { run, resolve } = newPlace();
    await run([], { env, keys: ["1\r"], visit: (url) => void visit(server, url) });
    expect((await resolve()).apiKey?.open()).toBe(server.key);
    const other = newPlace();
    const error = await other.run([], { env, keys: ["1\r", "\u0003"] }).catch((thrown: unknown) => thrown);
    expect(error instanceof AppError && error.code).toBe("cancelled");
  });

  test("Ctrl-C leaves everything as it was", async () => {
    const { home, run } = newPlace();
    const error = await run([], { keys: ["\u0003"] }).catch((thrown: unknown) => thrown);
    expect(error instanceof AppError && error.code).toBe("cancelled");
    expect(existsSync(join(home, "secrets.json"))).toBe(false);
  });
});
