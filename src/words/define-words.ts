import { hideSecrets } from "./hide-secrets.ts";

export type Fact = string | number | boolean | undefined | readonly string[];
export type Facts = Readonly<Record<string, Fact>>;

/** What a person reads: the message names the thing, the hint names the fix. A line that begins with two spaces is to be typed. */
export interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

/** A sentence in English that knows which one it is, so that it can be said in another language. Plain data: it travels in events. */
export interface Saying extends Sentence {
  readonly words?: Words;
}

export interface Words {
  /** `family.name`. */
  readonly key: string;
  readonly facts: Facts;
}

type Sentences = Readonly<Record<string, (facts: never) => Sentence>>;

export type Family<Kinds extends Sentences> = {
  readonly [Name in keyof Kinds]: (...facts: Parameters<Kinds[Name]>) => Saying;
};

/** The same sentences in another language: one that is missing, or that asks for a fact which is not there, is a type error. */
export type Translated<English> = {
  readonly [Name in keyof English]: English[Name] extends (...facts: infer Given) => Saying
    ? (...facts: Given) => Sentence
    : never;
};

/** One part's sentences, in English. Whatever the facts hold, no secret gets into a sentence. */
export function defineWords<const Kinds extends Sentences>(family: string, kinds: Kinds): Family<Kinds>;
export function defineWords(
  family: string,
  kinds: Readonly<Record<string, (facts: Facts) => Saying>>,
): Readonly<Record<string, (facts: Facts) => Saying>> {
  // A start loads hundreds of sentences and says none of them: each is made when it is asked for.
  return new Proxy(kinds, {
    get(_, name) {
      const say = typeof name === "string" && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
      return say === undefined
        ? undefined
        : (given: Facts = {}) => toSaying(`${family}.${String(name)}`, say, given);
    },
  });
}

function toSaying(key: string, say: (facts: Facts) => Sentence, given: Facts): Saying {
  const facts = cleanse(given);
  return { ...say(facts), words: { key, facts } };
}

function cleanse(facts: Facts): Facts {
  const clean: Record<string, Fact> = {};
  for (const name in facts) {
    const fact = facts[name];
    clean[name] = typeof fact === "string" ? hideSecrets(fact) : isList(fact) ? fact.map(hideSecrets) : fact;
  }
  return clean;
}

function isList(fact: Fact): fact is readonly string[] {
  return Array.isArray(fact);
}
