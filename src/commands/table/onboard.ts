import type { Command } from "../command.ts";

export const onboard: Command = {
  name: "onboard",
  summary: "Set it up: folders, configuration and a model. Keeps what is there.",
  flags: [
    { name: "key-stdin", says: "Read an API key from standard input." },
    { name: "openrouter", says: "Sign in with OpenRouter, in the browser." },
    { name: "local", says: "Use a model server on this machine." },
    { name: "demo", says: "Use the built-in offline model; it is no language model." },
    { name: "provider", value: "NAME", says: "Whose key it is." },
    { name: "model", value: "MODEL", says: "Use this model from now on." },
    { name: "api-base", value: "URL", says: "Where the provider is reached." },
    { name: "reset", says: "Begin with a fresh configuration." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw onboard", says: "Asks, in a terminal." },
    { line: "pbpaste | nanoclaw onboard --key-stdin", says: "A key that stands in no history." },
    { line: "nanoclaw onboard --local --model qwen3", says: "Ollama, LM Studio or vLLM." },
  ],
  run: async (args, io, _context, signal) => {
    const [{ runOnboardCommand }, { createLoginEffects }] = await Promise.all([
      import("../onboard.ts"),
      import("../login-effects.ts"),
    ]);
    return await runOnboardCommand(args.raw, io, signal, createLoginEffects(io));
  },
};
