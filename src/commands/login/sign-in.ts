import { loadConfig } from "../../config.ts";
import type { LoginEffects } from "./effects.ts";
import { loginWithOpenRouter } from "./openrouter.ts";
import { type LoginPlace, saveKey, type SavedKey } from "./save-choice.ts";

export interface SignIn {
  readonly place: LoginPlace;
  readonly effects: Pick<LoginEffects, "checkKey" | "openBrowser">;
  readonly write: (text: string) => Promise<void>;
  readonly model?: string | undefined;
  readonly timeoutMs?: number;
}

const patienceMs = 5 * 60_000;

/** The whole way through the browser: from the address on the screen to the key in `secrets.json`. */
export async function signInWithOpenRouter(signIn: SignIn, signal: AbortSignal): Promise<SavedKey> {
  const { place, effects, write } = signIn;
  const { config } = await loadConfig(place.home.config, place.environment);
  const key = await loginWithOpenRouter(
    {
      base: config.login.openrouterBase,
      timeoutMs: signIn.timeoutMs ?? patienceMs,
      async show(url) {
        const isOpen = effects.openBrowser(url);
        const request = isOpen
          ? "Your browser opens this page"
          : "Open this page in a browser on this machine";
        await write(`${request}:\n\n  ${url}\n\nWaiting for you to sign in there. Ctrl-C gives up.\n`);
      },
    },
    signal,
  );
  return saveKey(place, { provider: "openrouter", model: signIn.model }, key, effects, signal);
}
