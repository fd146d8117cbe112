import { join } from "node:path";
import { explain } from "../../../src/errors.ts";
import { findHome, prepareHome } from "../../../src/home.ts";
import { runFirstScreen } from "../../../src/login/first-screen.ts";
import { loginWithOpenRouter } from "../../../src/login/openrouter.ts";
import { checkKey } from "../../../src/providers/check-key.ts";
import { Secret } from "../../../src/secret.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { loadLanguage } from "../../../src/words/load-language.ts";
import { createFakeKeyboard } from "../../fakes/keyboard.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { makeTemporaryFolder } from "../../fakes/temporary-store.ts";

const signal = AbortSignal.timeout(20_000);

function onboarded(stdin: string, ...argv: readonly string[]): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open({ wire: "openai" });
    return (await bench.run(["onboard", ...argv], { stdin })).err;
  };
}

/** The page in the browser is opened with `query`, or never. */
async function signIn(query: string | undefined): Promise<string> {
  let visit: Promise<unknown> = Promise.resolve();
  const login = {
    base: "http://127.0.0.1:1",
    timeoutMs: query === undefined ? 20 : 10_000,
    show: async (address: string) => {
      const callback = new URL(address).searchParams.get("callback_url") ?? "";
      if (query !== undefined) visit = fetch(`${callback.replace("localhost", "127.0.0.1")}${query}`);
    },
  };
  const said = await loginWithOpenRouter(login, signal).then(String, (error: unknown) =>
    toSaid(explain(error)),
  );
  await visit;
  return said;
}

testProvocations("login", {
  refused: {
    names: ["OpenAI refused the key", "Nothing was saved"],
    provoke: onboarded("sk-wrong-0123456789abcdef", "--key-stdin", "--provider", "openai"),
  },
  empty: { names: ["There was no key", "sk-or-v1-…"], provoke: onboarded("\n", "--key-stdin") },
  notAKey: {
    names: ["does not look like an API key", "sk-or-v1-…"],
    provoke: onboarded("my key is secret", "--key-stdin"),
  },
  unsendable: {
    names: ["a character that no key has", "without line breaks"],
    provoke: async () => {
      const apiKey = new Secret("two\nlines");
      const target = {
        name: "openai",
        label: "OpenAI",
        wire: "openai",
        apiBase: "http://127.0.0.1:1",
      } as const;
      const check = await checkKey({ ...target, apiKey }, signal);
      return check.type === "ok" ? "it was taken" : toSaid(check.error);
    },
  },
  nameless: {
    names: ["does not say whose it is", "--provider openai"],
    provoke: onboarded("0123456789abcdef0123", "--key-stdin"),
  },
  noLocalServer: {
    names: ["None fits. Found: Ollama (qwen3)", "--local --api-base URL"],
    whyNot: "whether a model server runs on this machine is not ours to say",
    provoke: async () => {
      const { loginWords } = await import("../../../src/words/english/login.ts");
      return toSaid(loginWords.noLocalServer({ found: "Ollama (qwen3)" }));
    },
  },
  noLocalModel: {
    names: ["Ollama has no model yet", "nanoclaw onboard"],
    provoke: async () => {
      await using folder = await makeTemporaryFolder();
      const environment = { NANOCLAW_HOME: join(folder.path, "home") };
      const home = findHome(environment);
      await prepareHome(home.root);
      const server = { name: "ollama", label: "Ollama", apiBase: "http://127.0.0.1:1/v1", models: [] };
      const screen = {
        place: { home, environment },
        effects: {
          findLocalServers: async () => [server],
          checkKey: async () => ({ outcome: "accepted" }) as const,
          openBrowser: () => false,
          openKeyboard: () => createFakeKeyboard(["1\r"]),
        },
        write: async () => {},
        language: await loadLanguage({}),
      };
      return await runFirstScreen(screen, signal).catch((error: unknown) => toSaid(explain(error)));
    },
  },
  declined: { names: ["was declined", "paste a key"], provoke: () => signIn("&error=access_denied") },
  late: { names: ["Nobody signed in", "nanoclaw onboard"], provoke: () => signIn(undefined) },
} satisfies Record<keyof Failures["login"], Provocation>);
