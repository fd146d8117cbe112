import type { Sentence } from "../../src/words/define-words.ts";
import { chinese } from "../../src/words/chinese/chinese.ts";
import { phrases } from "../../src/words/english/phrases.ts";
import { failures, type Failures } from "../../src/words/english/failures.ts";

export interface Both<Text> {
  readonly en: Text;
  readonly zh: Text;
}

export interface Situation {
  readonly id: string;
  readonly title: Both<string>;
  readonly cases: readonly Case[];
}

export interface Case {
  /** `family.name` of the catalogue, or a name of its own for what the program itself cannot say. */
  readonly id: string;
  readonly said: Both<Sentence>;
  readonly cause: Both<string>;
}

/** A failure of the catalogue as it reads with these facts. A fact that is missing is a type error. */
export function failure<Group extends keyof Failures, Name extends keyof Failures[Group] & string>(
  family: Group,
  name: Name,
  facts: FactsOf<Failures[Group][Name]>,
  cause: Both<string>,
): Case;
export function failure(family: keyof Failures, name: string, facts: unknown, cause: Both<string>): Case {
  // The command line adds where to read on.
  const help = { line: "nanoclaw --help" };
  const isTyped = family === "usage";
  const en = isTyped ? { hint: phrases.seeHelp(help) } : {};
  const zh = isTyped ? { hint: chinese.phrases.seeHelp(help) } : {};
  return {
    id: `${family}.${name}`,
    said: {
      en: { ...en, ...say(failures[family], name, facts) },
      zh: { ...zh, ...say(chinese.failures?.[family] ?? {}, name, facts) },
    },
    cause,
  };
}

export function plain(id: string, said: Both<Sentence>, cause: Both<string>): Case {
  return { id, said, cause };
}

type FactsOf<Say> = Say extends (facts: infer Facts) => Sentence ? Facts : never;

function say(family: object, name: string, facts: unknown): Sentence {
  const found: unknown = Object.getOwnPropertyDescriptor(family, name)?.value;
  if (!isSentence(found)) throw new Error(`There is no sentence ${name}`);
  const { message, hint } = found(facts);
  return hint === undefined ? { message } : { message, hint };
}

/** Both catalogues hold functions of facts and nothing else. */
function isSentence(found: unknown): found is (facts: unknown) => Sentence {
  return typeof found === "function";
}
