import { AppError, systemCode } from "../../errors.ts";
import type { Provider } from "../provider.ts";
import { createScriptedProvider, type ScriptedAnswer } from "./provider.ts";

/** Plays the answers of a JSON file: a list of `{ "text"?, "calls"?: [{ "name", "arguments" }] }`. */
export async function openScript(path: string): Promise<Provider> {
  let answers: unknown;
  try {
    answers = await Bun.file(path).json();
  } catch (error) {
    const problem = systemCode(error) === "ENOENT" ? "does not exist" : "is not JSON";
    throw new AppError("config", `The script ${path} ${problem}.`, { cause: error });
  }
  if (!Array.isArray(answers) || !answers.every(isAnswer)) {
    throw new AppError("config", `The script ${path} is not a list of answers.`, {
      hint: 'Each is an object such as { "text": "Hello" }.',
    });
  }
  return createScriptedProvider(answers);
}

function isAnswer(value: unknown): value is ScriptedAnswer {
  if (typeof value !== "object" || value === null) return false;
  const { text = "", calls = [] }: { text?: unknown; calls?: unknown } = value;
  return typeof text === "string" && Array.isArray(calls) && calls.every(isCall);
}

function isCall(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
