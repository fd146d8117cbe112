/** What a part of a text looks like: places and lengths are in UTF-16 units. */
export interface Entity {
  readonly type: "bold" | "italic" | "strikethrough" | "code" | "pre" | "text_link" | "blockquote";
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

export interface Formatted {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/**
 * Entities as a tree would have them: in order, one wholly inside of another or apart from it, nothing inside of code, nothing
 * empty, none twice. What overlaps is parted.
 */
export function nestEntities(text: string, entities: readonly Entity[]): readonly Entity[] {
  const nested: Entity[] = [];
  const waiting = entities.filter((entity) => isSeen(text, entity)).toSorted(byPlace);
  const open: Entity[] = [];
  for (let entity = waiting.shift(); entity !== undefined; entity = waiting.shift()) {
    while ((open.at(-1) !== undefined ? toEnd(open.at(-1)) : Infinity) <= entity.offset) open.pop();
    const outer = open.at(-1);
    if (outer !== undefined && toEnd(entity) > toEnd(outer)) {
      insert(waiting, { ...entity, offset: toEnd(outer), length: toEnd(entity) - toEnd(outer) });
      insert(waiting, { ...entity, length: toEnd(outer) - entity.offset });
      continue;
    }
    if (open.some((each) => each.type === entity.type || isCode(each))) continue;
    if (!isSeen(text, entity)) continue;
    nested.push(entity);
    open.push(entity);
  }
  return nested;
}

/** A mark on nothing but space shows nothing; code has a ground of its own. */
function isSeen(text: string, entity: Entity): boolean {
  if (entity.length <= 0) return false;
  return isCode(entity) || text.slice(entity.offset, toEnd(entity)).trim() !== "";
}

export function isCode({ type }: Entity): boolean {
  return type === "code" || type === "pre";
}

export function toEnd(entity: Entity | undefined): number {
  return entity === undefined ? 0 : entity.offset + entity.length;
}

function insert(entities: Entity[], entity: Entity): void {
  const at = entities.findIndex((each) => byPlace(entity, each) < 0);
  entities.splice(at === -1 ? entities.length : at, 0, entity);
}

/** The longer first, where two begin together. */
function byPlace(one: Entity, other: Entity): number {
  return one.offset - other.offset || other.length - one.length;
}
