interface GivenEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string | undefined;
}

const types = ["bold", "italic", "strikethrough", "code", "pre", "text_link", "blockquote"];

/** By the rules of the Bot API; what the real one would drop in silence or refuse is a problem here. */
export function findTextProblem(
  text: string,
  entities: readonly GivenEntity[],
  longest = 4096,
): string | undefined {
  if (text.trim() === "") return "message text is empty";
  if (text.length > longest) return "message is too long";
  if (!text.isWellFormed()) return "strings must be encoded in UTF-8";
  if (entities.length > 100) return "too many entities";
  const open: GivenEntity[] = [];
  let before = 0;
  for (const entity of entities) {
    const { type, offset, length } = entity;
    const end = offset + length;
    if (!types.includes(type)) return `unsupported type ${type}`;
    if (!Number.isInteger(offset) || !Number.isInteger(length) || length < 1) return "an entity is empty";
    if (offset < 0 || end > text.length) return "an entity is outside of the text";
    if (offset < before) return "entities are out of order";
    if (isLow(text, offset) || isLow(text, end)) return "an entity cuts a character";
    if (text.slice(offset, end).trim() === "" && type !== "pre" && type !== "code")
      return "an entity of space";
    if (type === "text_link" && (entity.url === undefined || !URL.canParse(entity.url)))
      return "a link without an address";
    while (open.length > 0 && toEnd(open.at(-1)) <= offset) open.pop();
    for (const outer of open) {
      if (end > toEnd(outer)) return "entities overlap";
      if (outer.type === "pre" || outer.type === "code") return "an entity inside of code";
      if (outer.type === type) return "an entity inside of its like";
      if (type === "pre" || type === "blockquote") return `${type} inside of ${outer.type}`;
    }
    before = offset;
    open.push(entity);
  }
  return undefined;
}

function toEnd(entity: GivenEntity | undefined): number {
  return entity === undefined ? 0 : entity.offset + entity.length;
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
