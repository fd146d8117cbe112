import { defineWords } from "../define-words.ts";

/** Keys, signing in, and model servers on this machine. */
export const loginWords = defineWords("login", {
  refused: ({ label, said }: { label: string; said: string }) => ({
    message: `${label} refused the key: ${said}`,
    hint: "Nothing was saved. Copy the key again, whole.",
  }),
  empty: () => ({ message: "There was no key.", hint: "A key is one long word, such as sk-or-v1-…" }),
  notAKey: () => ({
    message: "That does not look like an API key.",
    hint: "A key is one long word, such as sk-or-v1-…",
  }),
  unsendable: () => ({
    message: "That key holds a character that no key has.",
    hint: "Paste it again without line breaks or quotation marks.",
  }),
  nameless: () => ({
    message: "The key does not say whose it is.",
    hint: "Name the provider: --provider openai, deepseek, moonshot, …",
  }),
  noLocalServer: ({ found }: { found: string }) => ({
    message: found === "" ? "No model server was found on this machine." : `None fits. Found: ${found}.`,
    hint: "Start Ollama, LM Studio or vLLM, or give its address: --local --api-base URL --model NAME",
  }),
  noLocalModel: ({ label }: { label: string }) => ({
    message: `${label} has no model yet.`,
    hint: "Load one there, then run nanoclaw onboard again.",
  }),
  declined: () => ({
    message: "The sign-in was declined on OpenRouter's page.",
    hint: "Run nanoclaw onboard again, or paste a key instead.",
  }),
  late: () => ({
    message: "Nobody signed in within the time allowed.",
    hint: "Run nanoclaw onboard again, or paste a key instead.",
  }),
});
