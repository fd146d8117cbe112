import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { openModel } from "../../../src/commands/model.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import { explain } from "../../../src/errors.ts";
import { findHome } from "../../../src/home.ts";
import { loadSandboxRuntime } from "../../../src/sandbox/registry.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";

/** Runs the program with this `config.json`; resolves with what it says. */
function configured(text: string, argv: readonly string[] = ["agent", "-m", "hi"]): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    await writeFile(join(bench.state, "config.json"), text, { mode: 0o600 });
    return (await bench.run(argv)).err;
  };
}

testProvocations("config", {
  invalid: {
    names: ["config.json:1:", 'did you mean "agents"?', "has 2 problems", "nanoclaw config check"],
    provoke: configured('{ "agnets": {}, "tools": 7 }'),
  },
  notWritten: {
    names: ["Nothing was written", "config.json would not load"],
    provoke: configured("{}", ["config", "set", "agents.defaults.model", "${NO_SUCH_VARIABLE}"]),
  },
  unknownProvider: {
    names: ['Unknown provider "antropic"', "Did you mean anthropic?", "providers.antropic.apiBase"],
    provoke: configured('{ "agents": { "defaults": { "provider": "antropic", "model": "x" } } }'),
  },
  noModel: {
    names: ["Which model of mine?", "nanoclaw config set agents.defaults.model NAME"],
    provoke: configured(
      '{ "providers": { "mine": { "apiBase": "http://127.0.0.1:1" } }, "agents": { "defaults": { "provider": "mine" } } }',
    ),
  },
  noAddress: {
    names: ["Where is mine?", "nanoclaw config set providers.mine.apiBase URL"],
    whyNot: "the configuration is refused before",
    provoke: async () => {
      const resolved = { name: "mine", label: "mine", wire: "openai", model: "x", apiBase: "" } as const;
      const place = { config: defaultConfig, home: findHome({ NANOCLAW_HOME: "/nowhere" }) };
      const model = { ...resolved, extraHeaders: {}, chosenBy: "config" } as const;
      return await openModel(model, place, systemClock, undefined).then(String, (error: unknown) =>
        toSaid(explain(error)),
      );
    },
  },
  noKey: {
    names: ["no API key for Anthropic", "ANTHROPIC_API_KEY", "nanoclaw onboard"],
    provoke: configured('{ "agents": { "defaults": { "model": "anthropic/claude-opus-4-5" } } }'),
  },
  noKeyForModel: {
    names: ["no API key for the model somebody/something", "nanoclaw onboard", "nanoclaw status"],
    provoke: configured('{ "agents": { "defaults": { "model": "somebody/something" } } }'),
  },
  unknownSandbox: {
    names: ['Unknown sandbox "dokcer"', "Known: auto, bubblewrap"],
    provoke: async () =>
      await Promise.resolve()
        .then(() => loadSandboxRuntime("dokcer"))
        .then(String, (error: unknown) => toSaid(explain(error))),
  },
} satisfies Record<keyof Failures["config"], Provocation>);
