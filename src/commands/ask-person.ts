import type { Prompt } from "../login/prompt.ts";
import type { CommandIo } from "./command-io.ts";

/** Asks whoever sits at the terminal; nothing when nobody does. The terminal is raw only as long as a question stands. */
export type AskPerson = <T>(ask: (prompt: Prompt) => Promise<T>) => Promise<T>;

export function createAskPerson(io: CommandIo): AskPerson | undefined {
  if (!io.isTerminal.input) return undefined;
  return async (ask) => {
    const [{ openKeyboard }, { createPrompt }, { loadLanguage }] = await Promise.all([
      import("../login/keyboard.ts"),
      import("../login/prompt.ts"),
      import("../words/load-language.ts"),
    ]);
    await using keyboard = openKeyboard();
    const phrases = (await loadLanguage(io.env)).phrases.login;
    const write = (text: string): Promise<void> => io.writeError(text.replaceAll("\n", "\r\n"));
    return await ask(createPrompt({ keyboard, write, phrases }));
  };
}
