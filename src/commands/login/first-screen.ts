import { AppError } from "../../errors.ts";
import { catalog, recogniseKey } from "../../providers/catalog.ts";
import type { LocalServer } from "../../providers/local.ts";
import type { LoginEffects } from "./effects.ts";
import { createPrompt, type Prompt } from "./prompt.ts";
import { parseKey } from "./parse-key.ts";
import { type LoginPlace, saveDemo, saveKey, type SavedKey, saveLocalServer } from "./save-choice.ts";
import { signInWithOpenRouter } from "./sign-in.ts";

export interface FirstScreen {
  readonly place: LoginPlace;
  readonly effects: LoginEffects;
  readonly write: (text: string) => Promise<void>;
}

/**
 * What a person sees who has no model yet, and what `/login` shows later: four ways to one. Returns a sentence that
 * says what was chosen; it is saved. Ctrl-C and the end of input throw `AppError("cancelled")` and save nothing.
 */
export async function runFirstScreen(screen: FirstScreen, signal: AbortSignal): Promise<string> {
  const servers = await screen.effects.findLocalServers(signal);
  await using keyboard = screen.effects.openKeyboard();
  const prompt = createPrompt({ keyboard, write: screen.write });
  const ways: readonly Way[] = [
    ...servers.map((server) => toLocalWay(server)),
    { label: "Sign in with OpenRouter in the browser", take: takeOpenRouter },
    { label: "Paste an API key", take: takeKey },
    { label: "The built-in demo: offline, no account, and no language model", take: takeDemo },
  ];
  const chosen = await prompt.choose(
    "NanoClaw needs a language model. Where should it come from?",
    ways.map(({ label }) => label),
    signal,
  );
  const way = ways[chosen];
  if (way === undefined) throw new AppError("cancelled", "Nothing was changed.");
  // Awaited here: the keyboard must stay open until the answer is complete.
  return await way.take(screen, prompt, signal);
}

interface Way {
  readonly label: string;
  take(screen: FirstScreen, prompt: Prompt, signal: AbortSignal): Promise<string>;
}

function toLocalWay(server: LocalServer): Way {
  return {
    label: `${server.label} on this machine (${server.apiBase}): ${describeModels(server.models)}`,
    async take({ place }, prompt, signal) {
      const [first, ...others] = server.models;
      if (first === undefined) {
        throw new AppError("not-found", `${server.label} has no model yet.`, {
          hint: "Load one there, then run nanoclaw onboard again.",
        });
      }
      const index = others.length === 0 ? 0 : await prompt.choose("Which model?", server.models, signal);
      const model = server.models[index] ?? first;
      await saveLocalServer(place, server, model);
      return `${model} from ${server.label} answers.`;
    },
  };
}

function describeModels(models: readonly string[]): string {
  if (models.length === 0) return "no model loaded";
  const more = models.length > 3 ? ` and ${models.length - 3} more` : "";
  return `${models.slice(0, 3).join(", ")}${more}`;
}

async function takeOpenRouter(screen: FirstScreen, prompt: Prompt, signal: AbortSignal): Promise<string> {
  // The keyboard is in raw mode: Ctrl-C reaches us as a key, and gives up the waiting.
  const giveUp = new AbortController();
  const until = AbortSignal.any([signal, giveUp.signal]);
  const keys = prompt.waitForCancel(until).then(
    () => {},
    (reason: unknown) => giveUp.abort(reason),
  );
  try {
    return describeSaved(await signInWithOpenRouter(screen, until));
  } finally {
    giveUp.abort();
    await keys;
  }
}

async function takeKey(screen: FirstScreen, prompt: Prompt, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const key = parseKey(await prompt.secret("Paste the key (it is not shown): ", signal));
      const provider = recogniseKey(key.open())?.name ?? (await askProvider(prompt, signal));
      return describeSaved(await saveKey(screen.place, { provider }, key, screen.effects, signal));
    } catch (error) {
      const isMistake = error instanceof AppError && ["usage", "provider-auth"].includes(error.code);
      if (!isMistake || attempt === 3) throw error;
      await screen.write(`${error.message} ${error.hint ?? ""}\n`);
    }
  }
}

async function askProvider(prompt: Prompt, signal: AbortSignal): Promise<string> {
  const known = catalog.filter(({ env, kind }) => env.length > 0 && kind !== "local");
  const index = await prompt.choose(
    "Whose key is it?",
    known.map(({ label }) => label),
    signal,
  );
  return known[index]?.name ?? "openrouter";
}

async function takeDemo({ place }: FirstScreen): Promise<string> {
  await saveDemo(place);
  return "The built-in demo answers. It is no language model.";
}

/** What was saved, in a sentence. */
export function describeSaved({ model, check }: SavedKey): string {
  const doubt = check.outcome === "unknown" ? ` The key could not be checked: ${check.message}` : "";
  return `${model.model} from ${model.label} answers. The key is in secrets.json.${doubt}`;
}
