import { defineWords } from "../define-words.ts";

/** What a model's server answered instead of an answer. `said` is its own words, of one line, or empty. */
interface Answered {
  readonly label: string;
  readonly status: number;
  readonly said: string;
}

export const providerWords = defineWords("provider", {
  wantsKey: ({ label, keyUrl, ...answered }: Answered & { keyUrl: string | undefined }) => ({
    message: `${label} wants a key${because(answered)}`,
    hint: `Give it one: nanoclaw onboard, or /login in the prompt.${source(keyUrl)}`,
  }),
  keyRefused: ({ label, keyUrl, ...answered }: Answered & { keyUrl: string | undefined }) => ({
    message: `${label} did not accept the key${because(answered)}`,
    hint: `Set another: nanoclaw onboard, or /login in the prompt.${source(keyUrl)}`,
  }),
  forbidden: ({ label, model, ...answered }: Answered & { model: string }) => ({
    message: `${label} knows the key but does not allow this${model === "" ? "" : ` with ${model}`}${because(answered)}`,
    hint: `See in your account at ${label} what the key may do and from which country, or choose another model with /model.`,
  }),
  quota: ({ label, ...answered }: Answered) => ({
    message: `${label} stopped at a limit of credit or spending${because(answered)}`,
    hint: `Raise it in your account at ${label}, or choose another model with /model.`,
  }),
  tooLong: ({ model, ...answered }: Answered & { model: string }) => ({
    message: `The conversation is too long for ${model}${because(answered)}`,
    hint: "Begin a new one with /new.",
  }),
  refused: ({ label, ...answered }: Answered) => ({
    message: `${label} declined to answer this${because(answered)}`,
    hint: "Say it in other words, or choose another model with /model.",
  }),
  slowDown: ({ label, seconds, ...answered }: Answered & { seconds: number | undefined }) => ({
    message: `${label} asks to slow down${because(answered)}`,
    hint: `Wait ${seconds === undefined ? "a minute" : `${seconds} s`} and try again, or choose another model with /model.`,
  }),
  overloaded: ({ label, ...answered }: Answered) => ({
    message: `${label} has too much to do${because(answered)}`,
    hint: "Try again in a few minutes, or choose another model with /model.",
  }),
  broken: ({ label, ...answered }: Answered) => ({
    message: `${label} has a problem${because(answered)}`,
    hint: "Try again in a few minutes, or choose another model with /model.",
  }),
  unknownModel: ({ label, model, ...answered }: Answered & { model: string }) => ({
    message: `${label} does not know the model ${model}${because(answered)}`,
    hint: "Choose another with /model, or check apiBase.",
  }),
  elsewhere: ({ label, status }: Answered) => ({
    message: `${label} sends us elsewhere (${status}); the key is not sent after it.`,
    hint: "Put the final address into apiBase.",
  }),
  notUnderstood: ({ label, ...answered }: Answered) => ({
    message: `${label} did not understand the request${because(answered)}`,
    hint: "Choose another model with /model, or check apiBase.",
  }),
  declined: ({ model }: { model: string }) => ({
    message: `${model} declined to answer.`,
    hint: "Say it in other words, or choose another model with /model.",
  }),
  empty: ({ model }: { model: string }) => ({
    message: `${model} gave an empty answer.`,
    hint: "Ask again, or choose another model with /model.",
  }),
  badHeader: ({ label }: { label: string }) => ({
    message: `The key or a header of ${label} holds a character that cannot be sent.`,
    hint: "Paste it again without line breaks or quotation marks.",
  }),
});

function because({ status, said }: { readonly status: number; readonly said: string }): string {
  return said === "" ? ` (${status}).` : ` (${status}): ${said}`;
}

function source(keyUrl: string | undefined): string {
  return keyUrl === undefined ? "" : ` Keys are made at ${keyUrl}.`;
}
