/** What a mail program would see in the HTML of a mail: read by the runtime's parser, and judged by what no mail of ours has. */
export interface SeenHtml {
  /** Decoded; what separates blocks is no part of it. */
  readonly text: string;
  /** Without what is said behind a link of where it leads. */
  readonly words: string;
  readonly links: readonly SeenLink[];
  /** What must not stand in a mail, or is not closed. */
  readonly problem: string | undefined;
}

export interface SeenLink {
  readonly target: string;
  readonly words: string;
  /** Behind it stands where it leads. */
  readonly isSaid: boolean;
  readonly end: number;
}

const empty = new Set(["br", "hr", "meta"]);
const known = new Set(
  "html head meta body p h1 h2 h3 h4 h5 h6 pre hr blockquote div table tr th td br code s em strong a".split(
    " ",
  ),
);
const attributes: Readonly<Record<string, readonly string[]>> = { a: ["href", "rel"], meta: ["charset"] };
const style = /^(?:[a-z-]+:[#\w .-]+;?)+$/;

export function readHtml(html: string): SeenHtml {
  const problems: string[] = [];
  const open: string[] = [];
  const links: { target: string; from: number; to: number }[] = [];
  let text = "";
  let raw = "";
  const flush = (): void => {
    if (/[<>]/.test(raw)) problems.push(`a bare sign in ${raw.slice(0, 60)}`);
    // Of code the first end of a line is none of its own; spaces are of no weight here.
    text += raw.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    if (/&(?!#\d+;)/.test(raw)) problems.push(`a bare & in ${raw.slice(0, 60)}`);
    raw = "";
  };
  const rewriter = new HTMLRewriter().on("*", {
    element(element) {
      flush();
      const name = element.tagName;
      if (!known.has(name)) problems.push(`the element ${name}`);
      for (const [attribute, value] of element.attributes) {
        const isKnown = attributes[name]?.includes(attribute) === true;
        if (!isKnown && !(attribute === "style" && style.test(value)))
          problems.push(`the attribute ${attribute}=${value} of ${name}`);
      }
      const link = { target: decode(element.getAttribute("href") ?? ""), from: text.length, to: 0 };
      if (name === "a") links.push(link);
      if (empty.has(name) || !element.canHaveContent) return;
      open.push(name);
      element.onEndTag((tag) => {
        flush();
        link.to = text.length;
        if (open.pop() !== tag.name) problems.push(`${tag.name} is closed where it is not open`);
      });
    },
    comments: () => void problems.push("a comment"),
  });
  rewriter.onDocument({ text: (chunk) => void (raw += chunk.text) });
  rewriter.transform(html);
  flush();
  if (open.length > 0) problems.push(`${open.join(" ")} is not closed`);
  const joined = join(links, text);
  let words = text;
  for (const { target, isSaid, end } of joined.toReversed())
    if (isSaid) words = words.slice(0, end) + words.slice(end + toSaid(target).length);
  return { text, words, links: joined, problem: problems[0] };
}

/** A link with marks in its words is several elements, one behind the other. */
function join(
  links: readonly { target: string; from: number; to: number }[],
  text: string,
): readonly SeenLink[] {
  const joined: SeenLink[] = [];
  for (const { target, from, to } of links) {
    const last = joined.at(-1);
    const part = text.slice(from, to);
    const areTwo = [part, last?.words ?? ""].every((words) => URL.parse(words)?.href === target);
    const goesOn = last?.target === target && last.end === from && !last.isSaid && !areTwo;
    if (goesOn) joined.pop();
    const words = (goesOn ? last.words : "") + part;
    joined.push({ target, words, isSaid: text.startsWith(toSaid(target), to), end: to });
  }
  return joined;
}

function toSaid(target: string): string {
  return ` (${target.replace(/^mailto:/, "")})`;
}

function decode(value: string): string {
  return value.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
