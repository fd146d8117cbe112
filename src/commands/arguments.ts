import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import { usageWords } from "../words/english/usage.ts";

export interface ArgumentSpec {
  /** The command reads what stands behind its name by itself; only `--help` is looked for. */
  readonly readsOwnWords?: boolean;
  readonly flags: readonly FlagSpec[];
  readonly words: readonly WordSpec[];
}

export interface FlagSpec {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What its value is called in the help; a flag without one is a switch. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
  readonly says: string;
}

/** A word that stands by itself: `groups show NAME`. Optional ones come last, a repeated one at the very end. */
export interface WordSpec {
  readonly name: string;
  readonly isOptional?: boolean;
  readonly isRepeated?: boolean;
}

export const helpFlag: FlagSpec = { name: "help", short: "h", says: "Show this help." };

/** What was typed, checked against its spec. Asking for a flag that the spec does not have is a bug and throws. */
export class ParsedArguments {
  readonly words: readonly string[];
  /** Everything behind the command's name, untouched. */
  readonly raw: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(
    raw: readonly string[],
    words: readonly string[],
    values: ReadonlyMap<string, readonly string[]>,
  ) {
    this.raw = raw;
    this.words = words;
    this.#values = values;
  }

  has(flag: string): boolean {
    return this.values(flag).length > 0;
  }

  value(flag: string): string | undefined {
    return this.values(flag).at(-1);
  }

  values(flag: string): readonly string[] {
    const values = this.#values.get(flag);
    if (values === undefined) throw new Error(`The command has no flag --${flag}`);
    return values;
  }
}

/**
 * `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-abc` for switches, `--` before words that begin with a dash.
 * Throws `AppError("usage")` that names what was meant. With `--help` anywhere the rest is not checked.
 */
export function parseArguments(raw: readonly string[], spec: ArgumentSpec): ParsedArguments {
  const flags = [...spec.flags, helpFlag];
  if (spec.readsOwnWords === true) return parseHelpOnly(raw);
  const values = new Map<string, string[]>(flags.map((flag) => [flag.name, []]));
  const words: string[] = [];
  const rest = raw.values();
  for (const argument of rest) {
    if (argument === "--") {
      words.push(...rest);
    } else if (argument.startsWith("--")) {
      readLong(argument, rest, flags, values);
    } else if (argument.startsWith("-") && argument !== "-") {
      readShort(argument, rest, flags, values);
    } else {
      words.push(argument);
    }
  }
  const parsed = new ParsedArguments(raw, words, values);
  if (!parsed.has("help")) checkWords(words, spec.words);
  return parsed;
}

function parseHelpOnly(raw: readonly string[]): ParsedArguments {
  const wantsHelp = raw[0] === "--help" || raw[0] === "-h";
  return new ParsedArguments(raw, raw, new Map([["help", wantsHelp ? [""] : []]]));
}

type Rest = Iterator<string>;
type Values = Map<string, string[]>;

function readLong(argument: string, rest: Rest, flags: readonly FlagSpec[], values: Values): void {
  const equals = argument.indexOf("=");
  const name = argument.slice(2, equals === -1 ? undefined : equals);
  const flag = flags.find((known) => known.name === name);
  if (flag === undefined) throw unknownFlag(`--${name}`, flags);
  if (equals !== -1) {
    if (flag.value === undefined)
      throw new AppError("usage", usageWords.flagTakesNoValue({ flag: `--${name}` }));
    put(flag, argument.slice(equals + 1), values);
  } else {
    put(flag, flag.value === undefined ? "" : takeValue(flag, `--${name}`, rest, flags), values);
  }
}

function readShort(argument: string, rest: Rest, flags: readonly FlagSpec[], values: Values): void {
  for (let index = 1; index < argument.length; index++) {
    const letter = argument.charAt(index);
    const flag = flags.find((known) => known.short === letter);
    if (flag === undefined)
      throw unknownFlag(argument.length === 2 || index === 1 ? argument : `-${letter}`, flags);
    if (flag.value === undefined) {
      put(flag, "", values);
      continue;
    }
    const attached = argument.slice(index + 1);
    const value = attached === "" ? takeValue(flag, `-${letter}`, rest, flags) : attached.replace(/^=/, "");
    put(flag, value, values);
    return;
  }
}

/** The next argument, whatever it looks like, unless it is plainly the next flag. */
function takeValue(flag: FlagSpec, typed: string, rest: Rest, flags: readonly FlagSpec[]): string {
  const next = rest.next();
  const value = flag.value ?? "";
  if (next.done === true) throw new AppError("usage", usageWords.flagNeedsValue({ flag: typed, value }));
  if (flags.some((known) => next.value === `--${known.name}`)) {
    throw new AppError("usage", usageWords.flagBeforeFlag({ flag: typed, value, next: next.value }));
  }
  return next.value;
}

function put(flag: FlagSpec, value: string, values: Values): void {
  const given = values.get(flag.name) ?? [];
  if (given.length > 0 && flag.value !== undefined && flag.isRepeatable !== true) {
    throw new AppError("usage", usageWords.flagTwice({ flag: `--${flag.name}` }));
  }
  values.set(flag.name, [...given, value]);
}

function unknownFlag(typed: string, flags: readonly FlagSpec[]): AppError {
  const known = flags.map((flag) => `--${flag.name}`);
  const nearest = findNearestWord(typed.replace(/^-(?=[^-]{2})/, "--"), known);
  return new AppError("usage", usageWords.unknownFlag({ flag: typed, nearest }));
}

function checkWords(words: readonly string[], specs: readonly WordSpec[]): void {
  const missing = specs.find((spec, index) => spec.isOptional !== true && words[index] === undefined);
  if (missing !== undefined) throw new AppError("usage", usageWords.wordMissing({ word: missing.name }));
  const extra = words[specs.length];
  if (extra !== undefined && specs.at(-1)?.isRepeated !== true) {
    throw new AppError("usage", usageWords.wordUnexpected({ word: extra }));
  }
}
