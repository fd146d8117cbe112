/** What a person sees of a message, and what it looks like. */
export interface SeenText {
  readonly text: string;
  readonly marks: readonly SeenMark[];
}

export interface SeenMark {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}

interface Rule {
  readonly type: string;
  readonly pattern: RegExp;
  /** Begins a line. */
  readonly isBlock?: boolean;
  /** Which group is shown, and whether it is read on. */
  readonly shown: number;
  readonly isRaw?: boolean;
  readonly url?: number;
  readonly isUnmarked?: boolean;
}

/** As Discord's client reads Markdown: the first rule that fits where the text stands, in this order. */
const rules: readonly Rule[] = [
  { type: "heading", pattern: /^(#{1,3}) +([^\n]+)(?=\n|$)/, shown: 2, isBlock: true },
  { type: "subtext", pattern: /^-# +([^\n]+)(?=\n|$)/, shown: 1, isBlock: true },
  {
    type: "code-block",
    pattern: /^```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][^]*?)\n*```/i,
    shown: 2,
    isRaw: true,
  },
  { type: "escaped", pattern: /^\\([^0-9A-Za-z\s])/, shown: 1, isRaw: true, isUnmarked: true },
  { type: "link", pattern: /^<((?:https?|mailto):[^ >]+)>/, shown: 1, isRaw: true, url: 1 },
  { type: "mention", pattern: /^<(?:@[!&]?|#)\d+>|^@(?:everyone|here)/, shown: 0, isRaw: true },
  { type: "time", pattern: /^<t:-?\d+(?::\w)?>/, shown: 0, isRaw: true },
  { type: "emoji", pattern: /^<a?:\w+:\d+>|^:[\w+-]+:/, shown: 0, isRaw: true },
  { type: "link", pattern: /^(?:https?|steam):\/\/[^\s<]+[^<.,:;"'\]\s]/, shown: 0, isRaw: true, url: 0 },
  {
    type: "link",
    pattern: /^\[((?:\\[^]|[^\]\\])+?)\]\(\s*<?((?:[^\s\\>]|\\[^])*?)>?\s*\)/,
    shown: 1,
    url: 2,
  },
  { type: "bold", pattern: /^\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/, shown: 1 },
  { type: "underline", pattern: /^__((?:\\[^]|[^\\])+?)__(?!_)/, shown: 1 },
  {
    type: "italic",
    pattern:
      /^\b_((?:__|\\[^]|[^\\_])+?)_\b|^\*(?=\S)((?:\*\*|\\[^]|\s+(?:\\[^]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
    shown: 1,
  },
  { type: "strikethrough", pattern: /^~~([^]+?)~~(?!_)/, shown: 1 },
  { type: "spoiler", pattern: /^\|\|([^]+?)\|\|/, shown: 1 },
  { type: "code", pattern: /^(`+)([^]*?[^`])\1(?!`)/, shown: 2, isRaw: true },
];

export function readMarkdown(source: string): SeenText {
  return read(source, true, false);
}

function read(source: string, isStart: boolean, isQuoted: boolean): SeenText {
  let text = "";
  const marks: SeenMark[] = [];
  const add = (seen: SeenText): void => {
    marks.push(...seen.marks.map((mark) => ({ ...mark, offset: mark.offset + text.length })));
    text += seen.text;
  };
  let isLineStart = isStart;
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at);
    if (isLineStart) {
      const quote = isQuoted ? null : /^ *>(?!>>) +[^\n]*(?:\n *>(?!>>) +[^\n]*)*/.exec(rest);
      if (quote !== null) {
        const inner = read(quote[0].replace(/^ *> /gm, ""), true, true);
        marks.push({ type: "blockquote", offset: text.length, length: inner.text.length });
        add(inner);
        at += quote[0].length;
        isLineStart = false;
        continue;
      }
      const item = /^( *)[-*] +(?=\S)/.exec(rest);
      if (item !== null) {
        text += `${item[1] ?? ""}• `;
        at += item[0].length;
        isLineStart = false;
        continue;
      }
    }
    const found = findRule(rest, isLineStart);
    if (found !== undefined) {
      const { rule, match } = found;
      const shown = match[rule.shown] ?? match[2] ?? "";
      const inner: SeenText =
        rule.isRaw === true ? { text: trimCode(rule, shown), marks: [] } : read(shown, false, isQuoted);
      if (rule.isUnmarked !== true) {
        const url = rule.url === undefined ? {} : { url: match[rule.url] ?? "" };
        marks.push({ type: rule.type, offset: text.length, length: inner.text.length, ...url });
      }
      add(inner);
      at += match[0].length;
      isLineStart = false;
      continue;
    }
    const plain =
      /^\n|^[^]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\n| {2,}\n|\w+:\S|$)/.exec(rest)?.[0] ?? rest.charAt(0);
    text += plain;
    at += plain.length;
    isLineStart = plain.endsWith("\n");
  }
  return { text, marks };
}

function findRule(
  rest: string,
  isLineStart: boolean,
): { readonly rule: Rule; readonly match: RegExpExecArray } | undefined {
  for (const rule of rules) {
    if (rule.isBlock === true && !isLineStart) continue;
    const match = rule.pattern.exec(rest);
    if (match !== null) return { rule, match };
  }
  return undefined;
}

/** The space that keeps a backtick apart from the mark belongs to neither. */
function trimCode({ type }: Rule, shown: string): string {
  return type === "code" ? shown.replace(/^ (?= *`)|(` *) $/g, "$1") : shown;
}
