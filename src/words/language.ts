import type { Translated } from "./define-words.ts";
import type { PeoplePhrases } from "./english/people-phrases.ts";
import type { Failures } from "./english/failures.ts";
import type { Phrases } from "./english/phrases.ts";

/** All that a person is told in one language. */
export interface Language {
  readonly name: LanguageName;
  readonly phrases: Phrases;
  readonly people: PeoplePhrases;
  /** Absent in English: those who fail say it themselves. */
  readonly failures?: { readonly [Name in keyof Failures]: Translated<Failures[Name]> };
}

export type LanguageName = "en" | "zh-CN";

/**
 * The person's language: `NANOCLAW_LANG` first, then as the system says it, where `LC_ALL` wins over `LC_MESSAGES` over
 * `LANG`. English for one that we do not have, and where its letters could not be shown.
 */
export function findLanguage(environment: Readonly<Record<string, string | undefined>>): LanguageName {
  const chosen = environment["NANOCLAW_LANG"] ?? "";
  if (chosen !== "") return parseLocale(chosen);
  // The text console of Linux has no Chinese letters.
  if (environment["TERM"] === "linux") return "en";
  for (const name of ["LC_ALL", "LC_MESSAGES", "LANG"]) {
    const locale = environment[name] ?? "";
    if (locale !== "") return parseLocale(locale);
  }
  return "en";
}

/** `zh_CN.UTF-8`, `zh-Hans`, `zh`. Traditional characters are another language; another charset than UTF-8 would show garbage. */
function parseLocale(locale: string): LanguageName {
  const match = /^zh(?:[-_](?:cn|sg|hans(?:[-_]\w+)?))?(?:\.(.+?))?(?:@.*)?$/i.exec(locale);
  if (match === null) return "en";
  return match[1] === undefined || /^utf-?8$/i.test(match[1]) ? "zh-CN" : "en";
}
