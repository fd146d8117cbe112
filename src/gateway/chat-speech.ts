import type { Saying } from "../words/define-words.ts";
import type { PeoplePhrases } from "../words/english/people-phrases.ts";
import type { Phrases } from "../words/english/phrases.ts";

/** What a chat is told that is not the assistant's own words, in the owner's language. */
export interface ChatSpeech {
  readonly phrases: Phrases["chat"] & Pick<Phrases["prompt"], "stopped" | "nothingRuns">;
  readonly people: PeoplePhrases;
  say(problem: Saying): string;
}
