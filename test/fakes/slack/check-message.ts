type Fields = Readonly<Record<string, unknown>>;

interface Element {
  readonly type: string;
  readonly elements?: readonly Element[];
  readonly text?: unknown;
  readonly url?: string;
  readonly style?: Fields;
  readonly value?: string;
  readonly action_id?: string;
}

const sections = ["rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list"];

/** By the rules of Block Kit and the Web API: Slack's word for what is wrong with a message. */
export function findMessageProblem({ text, blocks, metadata }: Fields): string | undefined {
  if (typeof text === "string" && text.length > 40_000) return "msg_too_long";
  if (typeof text === "string" && !text.isWellFormed()) return "invalid_arguments";
  if (metadata !== undefined && findMetadataProblem(metadata)) return "invalid_metadata_format";
  if (blocks === undefined)
    return typeof text === "string" && text !== "" ? findMarkProblem(text) : "no_text";
  if (!Array.isArray(blocks) || blocks.length > 50) return "invalid_blocks";
  if (typeof text === "string" && findMarkProblem(text) !== undefined) return "invalid_arguments";
  const problem = (blocks as Element[]).map(findBlockProblem).find((each) => each !== undefined);
  return problem === undefined ? undefined : "invalid_blocks";
}

/** `<` opens a reference and nothing else; of `&` there is no other than the escaped signs. */
function findMarkProblem(text: string): string | undefined {
  const bare = text.replace(/<(?:https?:|mailto:)[^<>|\n]+\|[^<>|]+>/g, "");
  // A quote's line begins with the only bare sign.
  if (/[<>]/.test(bare.replace(/^> ?/gm, ""))) return "a bare bracket";
  return /&(?!amp;|lt;|gt;)/.test(bare) ? "a bare ampersand" : undefined;
}

function findMetadataProblem(metadata: unknown): boolean {
  const { event_type: type, event_payload: payload } = metadata as Fields;
  return typeof type !== "string" || typeof payload !== "object" || JSON.stringify(payload).length > 8192;
}

function findBlockProblem(block: Element): string | undefined {
  switch (block.type) {
    case "rich_text":
      return (block.elements ?? []).length === 0
        ? "an empty block"
        : block.elements?.map(findSectionProblem).find((each) => each !== undefined);
    case "actions": {
      const buttons = block.elements ?? [];
      if (buttons.length === 0 || buttons.length > 25) return "too many buttons";
      const ids = new Set(buttons.map(({ action_id: id }) => id));
      if (ids.size !== buttons.length) return "an action twice";
      return buttons.map(findButtonProblem).find((each) => each !== undefined);
    }
    default:
      return `unsupported type ${block.type}`;
  }
}

function findButtonProblem({ type, text, value }: Element): string | undefined {
  const { type: kind, text: label } = (text ?? {}) as Fields;
  if (type !== "button" || kind !== "plain_text") return "no button";
  if (typeof label !== "string" || label.length === 0 || label.length > 75) return "a label too long";
  return value === undefined || value.length > 2000 ? "a value too long" : undefined;
}

function findSectionProblem({ type, elements }: Element): string | undefined {
  if (!sections.includes(type)) return `unsupported section ${type}`;
  if (elements === undefined || elements.length === 0) return "an empty section";
  for (const element of elements) {
    if (element.type === "text") {
      if (typeof element.text !== "string" || element.text === "") return "an empty text";
      if (!element.text.isWellFormed()) return "half a character";
    } else if (element.type === "link") {
      if (element.url === undefined || !URL.canParse(element.url)) return "a link without an address";
      if (type === "rich_text_preformatted" && element.style !== undefined) return "style in code";
    } else return `unsupported element ${element.type}`;
  }
  return undefined;
}

/** What a person reads of it. */
export function toSeen({ text, blocks }: Fields): string {
  if (!Array.isArray(blocks)) {
    const plain = toWords(text).replace(/<([^<>|]+)\|([^<>]+)>/g, "$2");
    return plain.replace(/&(amp|lt|gt);/g, (_, name) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));
  }
  const rich = (blocks as Element[]).filter(({ type }) => type === "rich_text");
  return rich
    .flatMap(({ elements = [] }) => elements)
    .map(({ elements = [] }) => elements.map((each) => toWords(each.text) || (each.url ?? "")).join(""))
    .join("\n");
}

function toWords(value: unknown): string {
  return typeof value === "string" ? value : "";
}
