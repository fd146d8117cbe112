import type { Facts, Saying, Sentence } from "./define-words.ts";
import type { Language } from "./language.ts";

/** A sentence in the person's language; in English where that language does not have it. */
export function translate(saying: Saying, { failures, phrases }: Language): Sentence {
  const { message, hint, words } = saying;
  const english = hint === undefined ? { message } : { message, hint };
  if (failures === undefined || words === undefined) return english;
  const say = find(failures, words.key);
  if (say === undefined) return english;
  const said = say(words.facts);
  if (said.hint !== undefined || hint === undefined) return said;
  const { help } = words.facts;
  return { ...said, hint: typeof help === "string" ? phrases.seeHelp({ line: help }) : hint };
}

function find(failures: object, key: string): ((facts: Facts) => Sentence) | undefined {
  const [family = "", name = ""] = key.split(".");
  const kinds = own(failures, family);
  const say = typeof kinds === "object" && kinds !== null ? own(kinds, name) : undefined;
  return isSentence(say) ? say : undefined;
}

/** The key was made by `defineWords`, from the family that this one translates: the types of both hold its facts. */
function isSentence(say: unknown): say is (facts: Facts) => Sentence {
  return typeof say === "function";
}

function own(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}
