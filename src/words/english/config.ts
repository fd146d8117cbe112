import { defineWords } from "../define-words.ts";

/** `config.json` and what it asks for. */
export const configWords = defineWords("config", {
  /** `problems`: each names its line and the nearest known key. */
  invalid: ({ problems, count }: { problems: string; count: number }) => ({
    message: count === 1 ? problems : `The configuration has ${count} problems.\n${problems}`,
    hint: "Correct it, then try: nanoclaw config check",
  }),
  notWritten: ({ path, problems }: { path: string; problems: string }) => ({
    message: `Nothing was written: ${path} would not load.\n${problems}`,
    hint: "Give another value, or first correct what stands there.",
  }),
  unknownProvider: ({
    name,
    nearest,
    known,
  }: {
    name: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `Unknown provider "${name}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    hint: `Known: ${known.join(", ")}, demo. One of your own needs providers.${name}.apiBase.`,
  }),
  noModel: ({ label }: { label: string }) => ({
    message: `Which model of ${label}? None is set.`,
    hint: "Set one:\n  nanoclaw config set agents.defaults.model NAME",
  }),
  noAddress: ({ label, name }: { label: string; name: string }) => ({
    message: `Where is ${label}? It has no address.`,
    hint: `Set one:\n  nanoclaw config set providers.${name}.apiBase URL`,
  }),
  noKey: ({ label, variable }: { label: string; variable: string | undefined }) => ({
    message: `There is no API key for ${label}.`,
    hint: `To have one: ${variable === undefined ? "" : `set ${variable}, or `}run nanoclaw onboard. Without any: --model demo`,
  }),
  noKeyForModel: ({ model }: { model: string }) => ({
    message: `There is no API key for the model ${model}.`,
    hint: "Run nanoclaw onboard to have one, or name a model of a provider whose key you have: nanoclaw status lists them.",
  }),
  unknownSandbox: ({ name, known }: { name: string; known: readonly string[] }) => ({
    message: `Unknown sandbox "${name}".`,
    hint: `Known: auto, ${known.join(", ")}.`,
  }),
});
