/** Something in a text that a chat would make a link or a picture of. */
export interface Link {
  /** As it stands there. */
  readonly text: string;
  /** As far as it can be told. */
  readonly host: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** Endings of files that are no domains: who speaks of `main.ts` means no link. */
const fileEndings =
  "txt|ts|tsx|js|jsx|mjs|cjs|json|jsonc|json5|jsonl|html?|css|scss|ya?ml|toml|xml|csv|tsv|log|pdf|png|jpe?g|gif|webp|svg|bmp|ico|mp3|mp4|wav|ogg|docx?|xlsx?|pptx?|odt|ods|epub|tar|gz|tgz|xz|bz2|7z|c|h|cpp|hpp|go|java|class|jar|kt|swift|rb|php|lua|sql|db|sqlite|ini|cfg|conf|env|lock|bak|tmp|exe|dll|bin|iso|img|wasm|map|test|spec|local|internal";

/** These are domains too: alone, as `README.md` or `main.py`, they say nothing to a stranger. */
const doubtfulEndings = "md|py|rs|sh|pl|ps|cc|zip|mov|app|so";

const name = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?`;
const dot = String.raw`[.\uff0e]`;
const rest = String.raw`[^\s<>"'\u0060\u201c\u201d\u300c\u300d]*`;

/** Made for the first text in which there may be one: their tables of letters cost a millisecond and a megabyte of a start. */
let patterns: ReturnType<typeof createPatterns> | undefined;

function createPatterns() {
  const links = new RegExp(
    [
      // Any scheme, also those that open a program; "//host" as in a page; a scheme without slashes where it acts.
      String.raw`(?<scheme>(?<![\p{L}\p{N}+.-])[a-z][a-z0-9+.-]{1,30}:(?:\\?/){1,3}${rest})`,
      String.raw`(?<bare>(?<![\p{L}\p{N}])(?:mailto|tel|sms|javascript|data|intent|geo|magnet|bitcoin|facetime|vbscript):(?=\S)${rest})`,
      String.raw`(?<relative>(?<![\p{L}\p{N}:/])//(?=${name}${dot})${rest})`,
      String.raw`(?<address>(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?=[:/?#])${rest})`,
      // What a chat knows for a host by its dots, with what stands behind it; the name of a mailbox is none.
      String.raw`(?<domain>(?<![\p{L}\p{N}@._/-])(?:${name}${dot}){1,10}(?:[\p{L}]{2,63}|xn--[a-z0-9-]{2,59})(?![\p{L}\p{N}_-]|${dot}[\p{L}\p{N}]|@)(?:[:/?#]${rest})?)`,
    ].join("|"),
    "giu",
  );
  const isFile = new RegExp(`\\.(?:${fileEndings})$`, "i");
  const isDoubtful = new RegExp(`^[^.]+\\.(?:${doubtfulEndings})$`, "i");
  return { links, isFile, isDoubtful };
}

/** Whether there can be one at all: most texts have none, and cost no more than this. */
export function mayHaveLinks(text: string): boolean {
  return /[.\uff0e][\p{L}\p{N}]|:\S|\/\//u.test(text);
}

export function findLinks(text: string): readonly Link[] {
  patterns ??= createPatterns();
  const { links, isFile, isDoubtful } = patterns;
  const found: Link[] = [];
  for (const match of text.matchAll(links)) {
    const whole = withoutEnd(match[0]);
    const host = toLinkHost(whole);
    const { domain } = match.groups ?? {};
    if (domain !== undefined && !/[:/?#]/.test(whole) && (isFile.test(whole) || isDoubtful.test(whole)))
      continue;
    found.push({ text: whole, host, from: match.index, to: match.index + whole.length });
  }
  return found;
}

/** The same text, in which no chat, page or mail makes a link or a picture of these. A person can still read where they lead. */
export function makeInert(text: string, inert: readonly Link[]): string {
  let shown = "";
  let at = 0;
  for (const { from, to, text: link } of inert) {
    shown += text.slice(at, from) + disarm(link);
    at = to;
  }
  return breakConstructs(shown + text.slice(at), inert.length);
}

/** `https://evil.example/x` becomes `https[:]//evil[.]example/x`: known to those who speak of such addresses. */
function disarm(link: string): string {
  return link
    .replace(":", "[:]")
    .replaceAll(/[.\uff0e\u3002\uff61](?=[\p{L}\p{N}])/gu, "[.]")
    .replace(/^\/\//, "[/]/");
}

/** `![x](…)` fetches, and `[bank](…)` hides where it leads: of those with a disarmed address only words are left. */
function breakConstructs(text: string, count: number): string {
  if (count === 0) return text;
  let flat = text;
  // One in another comes apart from the inside out.
  for (let depth = 0; depth < 4; depth++) flat = flat.replaceAll(constructs, "$1 ($2)");
  return flat.replaceAll(definitions, "$1$2 =").replaceAll(tags, "&lt;");
}

const constructs = /!?\[((?:[^[\]]|\[[:./]\]){0,1000})\]\(\s*<?([^)\s>]*\[[:./]\][^)\s>]*)>?[^)\n]*\)/g;
const definitions = /^( {0,3})\[([^\]\n]{1,200})\]:(?=\s*<?\S*\[[:./]\])/gm;
const tags =
  /<(?=\s*\/?\s*(?:img|a|link|iframe|video|audio|source|object|embed|script|style|meta|base|svg|form)\b)/gi;

/** What closes a sentence or a bracket belongs to no address. */
function withoutEnd(link: string): string {
  let end = link.length;
  for (;;) {
    const last = link.charAt(end - 1);
    if (/[.,;:!?*_~|\]}]/.test(last)) end--;
    else if (last === ")" && isUnopened(link.slice(0, end))) end--;
    else return link.slice(0, end);
  }
}

function isUnopened(text: string): boolean {
  const count = (letter: string): number => text.split(letter).length;
  return count(")") > count("(");
}

function toLinkHost(link: string): string | undefined {
  const address =
    /^[a-z][a-z0-9+.-]*:/i.test(link) && !/^[^/?#]*\.[^/?#]*:\d/.test(link)
      ? link
      : `http://${link.replace(/^\/\//, "")}`;
  const host = URL.parse(address.replaceAll("\\", "/"))?.hostname.replace(/\.$/, "");
  return host === undefined || host === "" ? undefined : host;
}
