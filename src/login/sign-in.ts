import { loadConfig } from "../config.ts";
import type { LoginEffects } from "./effects.ts";
import { loginWithOpenRouter } from "./openrouter.ts";
import type { Language } from "../words/language.ts";
import { type LoginPlace, saveKey, type SavedKey } from "./save-choice.ts";

export interface SignIn {
  readonly place: LoginPlace;
  readonly effects: Pick<LoginEffects, "checkKey" | "openBrowser">;
  readonly write: (text: string) => Promise<void>;
  readonly language: Language;
  readonly model?: string | undefined;
  readonly timeoutMs?: number;
}

const patienceMs = 5 * 60_000;

/** The whole way through the browser: from the address on the screen to the key in `secrets.json`. */
export async function signInWithOpenRouter(signIn: SignIn, signal: AbortSignal): Promise<SavedKey> {
  const { place, effects, write } = signIn;
  const phrases = signIn.language.phrases.login;
  const { config } = await loadConfig(place.home.config, place.environment);
  const key = await loginWithOpenRouter(
    {
      base: config.login.openrouterBase,
      timeoutMs: signIn.timeoutMs ?? patienceMs,
      async show(url) {
        const isOpen = effects.openBrowser(url);
        const request = isOpen ? phrases.browserOpens : phrases.openYourself;
        await write(`${request}\n\n  ${url}\n\n${phrases.waiting}\n`);
      },
    },
    signal,
  );
  return saveKey(place, { provider: "openrouter", model: signIn.model }, key, effects, signal);
}
