import { AppError, explain } from "../errors.ts";
import { catalog, recogniseKey } from "../providers/catalog.ts";
import type { LocalServer } from "../providers/local.ts";
import { loginWords } from "../words/english/login.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { Language } from "../words/language.ts";
import { translate } from "../words/translate.ts";
import type { LoginEffects } from "./effects.ts";
import { createPrompt, type Prompt } from "./prompt.ts";
import { parseKey } from "./parse-key.ts";
import { type LoginPlace, saveDemo, saveKey, type SavedKey, saveLocalServer } from "./save-choice.ts";
import { signInWithOpenRouter } from "./sign-in.ts";

export interface FirstScreen {
  readonly place: LoginPlace;
  readonly effects: LoginEffects;
  readonly write: (text: string) => Promise<void>;
  readonly language: Language;
}

/**
 * What a person sees who has no model yet, and what `/login` shows later: four ways to one. Returns a sentence that
 * says what was chosen; it is saved. Ctrl-C and the end of input throw `AppError("cancelled")` and save nothing.
 */
export async function runFirstScreen(screen: FirstScreen, signal: AbortSignal): Promise<string> {
  const servers = await screen.effects.findLocalServers(signal);
  await using keyboard = screen.effects.openKeyboard();
  const phrases = screen.language.phrases.login;
  const prompt = createPrompt({ keyboard, write: screen.write, phrases });
  const ways: readonly Way[] = [
    ...servers.map((server) => toLocalWay(server, phrases)),
    { label: phrases.openRouter, take: takeOpenRouter },
    { label: phrases.pasteKey, take: takeKey },
    { label: phrases.demo, take: takeDemo },
  ];
  const chosen = await prompt.choose(
    phrases.needsModel,
    ways.map(({ label }) => label),
    signal,
  );
  const way = ways[chosen];
  if (way === undefined) throw new AppError("cancelled", phrases.nothingChanged);
  // Awaited here: the keyboard must stay open until the answer is complete.
  return await way.take(screen, prompt, signal);
}

interface Way {
  readonly label: string;
  take(screen: FirstScreen, prompt: Prompt, signal: AbortSignal): Promise<string>;
}

function toLocalWay(server: LocalServer, phrases: Phrases["login"]): Way {
  const { label, apiBase, models } = server;
  return {
    label: phrases.local({ label, address: apiBase, models }),
    async take({ place }, prompt, signal) {
      const [first, ...others] = models;
      if (first === undefined) {
        throw new AppError("not-found", loginWords.noLocalModel({ label }));
      }
      const index = others.length === 0 ? 0 : await prompt.choose(phrases.whichModel, models, signal);
      const model = models[index] ?? first;
      await saveLocalServer(place, server, model);
      return phrases.answersFrom({ model, label });
    },
  };
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
    return describeSaved(await signInWithOpenRouter(screen, until), screen.language.phrases.login);
  } finally {
    giveUp.abort();
    await keys;
  }
}

async function takeKey(screen: FirstScreen, prompt: Prompt, signal: AbortSignal): Promise<string> {
  const { language } = screen;
  const phrases = language.phrases.login;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const key = parseKey(await prompt.secret(phrases.keyQuestion, signal));
      const provider = recogniseKey(key.open())?.name ?? (await askProvider(prompt, phrases, signal));
      const saved = await saveKey(screen.place, { provider }, key, screen.effects, signal);
      return describeSaved(saved, phrases);
    } catch (error) {
      const isMistake = error instanceof AppError && ["usage", "provider-auth"].includes(error.code);
      if (!isMistake || attempt === 3) throw error;
      const { message, hint = "" } = translate(explain(error), language);
      await screen.write(`${message} ${hint}\n`);
    }
  }
}

async function askProvider(prompt: Prompt, phrases: Phrases["login"], signal: AbortSignal): Promise<string> {
  const known = catalog.filter(({ env, kind }) => env.length > 0 && kind !== "local");
  const index = await prompt.choose(
    phrases.whoseKey,
    known.map(({ label }) => label),
    signal,
  );
  return known[index]?.name ?? "openrouter";
}

async function takeDemo({ place, language }: FirstScreen): Promise<string> {
  await saveDemo(place);
  return language.phrases.login.demoAnswers;
}

/** What was saved, in a sentence. */
export function describeSaved({ model, check }: SavedKey, phrases: Phrases["login"]): string {
  const answers = phrases.answersFrom({ model: model.model, label: model.label });
  const doubt = check.outcome === "unknown" ? [phrases.unchecked({ reason: check.message })] : [];
  return [answers, phrases.keySaved, ...doubt].join(" ");
}
