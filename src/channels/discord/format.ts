import { isCode, toEnd, type Entity, type Formatted } from "../rich-text/entities.ts";

/** Nothing to see: it parts marks that would be read as one. */
const gap = "\u200B";

/** Text and entities as Discord's own Markdown, in which nothing but they means anything. */
export function toDiscordMarkdown({ text, entities }: Formatted): string {
  return new MarkdownWriter(text, entities).write();
}

class MarkdownWriter {
  readonly #text: string;
  readonly #entities: readonly Entity[];
  #next = 0;

  constructor(text: string, entities: readonly Entity[]) {
    this.#text = text;
    this.#entities = entities;
  }

  write(): string {
    return this.#part(0, this.#text.length, false);
  }

  /** The text between two places with the entities in it, which stand one inside of another or apart. */
  #part(from: number, to: number, isQuoted: boolean): string {
    let written = "";
    let at = from;
    for (;;) {
      const entity = this.#entities[this.#next];
      if (entity === undefined || entity.offset >= to) break;
      this.#next += 1;
      written += this.#plain(at, entity.offset);
      written = join(written, this.#entity(entity, isQuoted));
      at = toEnd(entity);
    }
    return written + this.#plain(at, to);
  }

  #plain(from: number, to: number): string {
    const isLineStart = from === 0 || this.#text[from - 1] === "\n";
    return escapeText(this.#text.slice(from, to), { isLineStart, next: this.#text.charAt(to) });
  }

  #entity(entity: Entity, isQuoted: boolean): string {
    const end = toEnd(entity);
    const raw = this.#text.slice(entity.offset, end);
    if (isCode(entity)) {
      while ((this.#entities[this.#next]?.offset ?? Infinity) < end) this.#next += 1;
      return entity.type === "pre" ? writeBlock(raw, entity.language) : writeCode(raw);
    }
    const inner = this.#part(entity.offset, end, isQuoted || entity.type === "blockquote");
    const after = this.#text.charAt(end);
    switch (entity.type) {
      case "bold":
        return wrap("**", inner);
      case "strikethrough":
        return wrap("~~", inner);
      case "italic":
        return writeItalic(inner, after);
      case "text_link":
        return writeLink(inner, raw, entity.url ?? "");
      case "blockquote": {
        const begins = entity.offset === 0 || this.#text[entity.offset - 1] === "\n";
        const ends = after === "" || after === "\n";
        return begins && ends && !isQuoted ? `> ${inner.replaceAll("\n", "\n> ")}` : inner;
      }
      default:
        return inner;
    }
  }
}

/** Two marks of one sign, side by side, would be read as a third. */
function join(before: string, after: string): string {
  const last = before.at(-1) ?? "";
  const isMark = /[*_~`]/.test(last) && before.at(-2) !== "\\";
  return isMark && after.startsWith(last) ? before + gap + after : before + after;
}

/** A mark around what holds the same sign in code or in an address would end there: then it goes, and the words stay. */
function wrap(mark: string, inner: string): string {
  const bare = withoutEscapes(inner);
  const sign = mark.charAt(0);
  if (inner === "" || bare.includes(mark)) return inner;
  const start = bare.startsWith(sign) ? gap : "";
  const end = bare.endsWith(sign) ? gap : "";
  return `${mark}${start}${inner}${end}${mark}`;
}

/** `_` wherever it can be, for Discord's `*` is also the half of bold. Before a letter `_` is none. */
function writeItalic(inner: string, after: string): string {
  const bare = withoutEscapes(inner);
  if (!bare.includes("_") && !/^[0-9A-Za-z_]/.test(after)) return `_${inner}_`;
  return bare.includes("*") || /^\s|\s$/.test(inner) ? inner : `*${inner}*`;
}

function writeLink(words: string, raw: string, address: string): string {
  // Without its angle brackets Discord would fetch the page, and show it.
  if (raw === address || `${raw}/` === address) return `<${raw}>`;
  // Discord makes no link of words that look like one.
  if (/\w:\/\/|^\s*$/.test(raw) || /[<>\s]/.test(address)) return words;
  return `[${words}](<${address}>)`;
}

function writeBlock(code: string, language = ""): string {
  const name = /^[\w+\-.#]+$/.test(language) ? language : "";
  return `\`\`\`${name}\n${code.replace(/``(?=`)/g, `\`\`${gap}`)}\n\`\`\``;
}

/** Between as many signs as do not stand in it. */
function writeCode(code: string): string {
  const runs = new Set((code.match(/`+/g) ?? []).map(({ length }) => length));
  if (!runs.has(1) && !code.includes("`")) return `\`${code}\``;
  const mark = runs.has(1) ? "``" : "`";
  if (runs.has(1) && runs.has(2)) return escapeText(code, { isLineStart: false, next: "" });
  return `${mark} ${code} ${mark}`;
}

function withoutEscapes(written: string): string {
  return written.replace(/\\[^0-9A-Za-z\s]/g, "");
}

interface Around {
  readonly isLineStart: boolean;
  /** The sign behind it. */
  readonly next: string;
}

/** Text in which nothing means anything to Discord: no mark, no mention, no emoji by name, no link, no heading. */
function escapeText(text: string, { isLineStart, next }: Around): string {
  const begins = (at: number): boolean => at > 0 || isLineStart;
  return text
    .replace(/[\\*_~`|<>[\]]/g, "\\$&")
    .replace(/:(?=\/\/|[\w+-]+:)/g, "\\:")
    .replace(/@(?=everyone|here)/g, `@${gap}`)
    .replace(/^( *)(#{1,3} |-# |- )/gm, (found, space: string, mark: string, at: number) =>
      begins(at) ? `${space}\\${mark}` : found,
    )
    .replace(/^( *)• /gm, (found, space: string, at: number, whole: string) =>
      begins(at) && /\S/.test(whole.charAt(at + found.length) || next) ? `${space}- ` : found,
    );
}
