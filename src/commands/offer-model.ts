import type { HomePaths } from "../home.ts";
import type { CommandIo } from "./command-io.ts";
import { runFirstScreen } from "../login/first-screen.ts";
import { loadLanguage } from "../words/load-language.ts";
import { createLoginEffects } from "./login-effects.ts";
import { wrapLines } from "./wrap-text.ts";

/** The first screen, for a person who sits there. What was chosen is saved; returns it in a sentence. */
export async function offerModel(home: HomePaths, io: CommandIo, signal: AbortSignal): Promise<string> {
  const write = (text: string): Promise<void> => io.writeError(wrapLines(text, io.columns));
  const place = { home, environment: io.env };
  const language = await loadLanguage(io.env);
  return await runFirstScreen({ place, effects: createLoginEffects(io), write, language }, signal);
}
