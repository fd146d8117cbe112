import { findLanguage, type Language, type LanguageName } from "./language.ts";

const languages = {
  en: async () => ({
    name: "en",
    phrases: (await import("./english/phrases.ts")).phrases,
    people: (await import("./english/people-phrases.ts")).peoplePhrases,
  }),
  "zh-CN": async () => (await import("./chinese/chinese.ts")).chinese,
} as const satisfies Record<LanguageName, () => Promise<Language>>;

/** The language that the environment names, loaded when somebody is spoken to and not before. */
export async function loadLanguage(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Language> {
  return await languages[findLanguage(environment)]();
}
