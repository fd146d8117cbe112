import type { Saying } from "../words/define-words.ts";
import type { PeoplePhrases } from "../words/english/people-phrases.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { Language } from "../words/language.ts";
import { translate } from "../words/translate.ts";

/** What a chat is told that is not the assistant's own words, in the owner's language. */
export interface ChatSpeech {
  readonly phrases: Phrases["chat"] & Pick<Phrases["prompt"], "stopped" | "nothingRuns">;
  readonly people: PeoplePhrases;
  readonly approval: Phrases["approval"];
  say(problem: Saying): string;
  /** What is wrong, without what to do about it. */
  sayShort(problem: Saying): string;
}

export function createChatSpeech(language: Language): ChatSpeech {
  const { phrases, people } = language;
  return {
    phrases: { ...phrases.prompt, ...phrases.chat },
    people,
    approval: phrases.approval,
    say: (problem) => {
      const { message, hint = "" } = translate(problem, language);
      return hint === "" ? message : `${message}\n${hint}`;
    },
    sayShort: (problem) => translate(problem, language).message,
  };
}
