import { isMisleading } from "../markdown/address.ts";
import { parseBlocks, type Block } from "../markdown/blocks.ts";
import { toRuns } from "../markdown/inline-runs.ts";
import { parseInline } from "../markdown/inline.ts";
import { nestEntities, type Entity, type Formatted } from "./entities.ts";
import { layOutTable } from "./table.ts";

/** Markdown as text and entities: what a platform without Markdown of its own is told, and what the others are written from. */
export function toFormatted(markdown: string): Formatted {
  const writer = new Writer();
  // NUL and half characters are no text anywhere; other controls are nothing that is seen.
  writer.blocks(
    parseBlocks(markdown.toWellFormed().replace(/[\0-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, "")),
    "",
  );
  return writer.end();
}

class Writer {
  #text = "";
  readonly #entities: Entity[] = [];

  end(): Formatted {
    const start = findStart(this.#text, this.#entities);
    const end = findEnd(this.#text, this.#entities);
    const entities = this.#entities.map((entity) => {
      const from = Math.max(entity.offset, start);
      return { ...entity, offset: from - start, length: Math.min(entity.offset + entity.length, end) - from };
    });
    const text = this.#text.slice(start, Math.max(start, end));
    return { text, entities: nestEntities(text, entities) };
  }

  /** `margin` stands before each line but the first. */
  blocks(blocks: readonly Block[], margin: string): void {
    for (const [index, block] of blocks.entries()) {
      if (index > 0) this.#text += needsAir(block, blocks[index - 1]) ? `\n\n${margin}` : `\n${margin}`;
      this.#block(block, margin);
    }
  }

  #block(block: Block, margin: string): void {
    switch (block.type) {
      case "paragraph":
        return this.#words(block.words, margin);
      case "heading":
        return this.#mark({ type: "bold" }, () => this.#words(block.words, margin));
      case "code":
        return this.#code(block.text, block.language);
      case "table":
        return this.#table(block, margin);
      case "rule":
        this.#text += "———";
        return;
      case "quote":
        return this.#quote(block.blocks);
      case "item": {
        const { marker } = block;
        // A box to tick has its bullet too, as in the other chat apps.
        this.#text += /^\[[ x]\] $/.test(marker) ? `• ${marker}` : marker;
        return this.blocks(
          block.blocks,
          `${margin}${" ".repeat(marker.startsWith("[") ? 2 : marker.length)}`,
        );
      }
      default:
        block satisfies never;
    }
  }

  #words(words: string, margin: string): void {
    for (const run of toRuns(parseInline(words).nodes)) {
      const start = this.#text.length;
      this.#text += margin === "" ? run.text : run.text.replaceAll("\n", `\n${margin}`);
      const part = { offset: start, length: this.#text.length - start };
      if (part.length > 0) {
        if (run.link !== undefined) this.#extend({ type: "text_link", url: run.link, ...part });
        if (run.isCode) this.#extend({ type: "code", ...part });
        else {
          if (run.isBold) this.#extend({ type: "bold", ...part });
          if (run.isItalic) this.#extend({ type: "italic", ...part });
          if (run.isStrike) this.#extend({ type: "strikethrough", ...part });
        }
      }
      if (run.linked === undefined) continue;
      // Words that name one place and lead to another say where they lead.
      const { words: shown, address } = run.linked;
      if (isMisleading(shown, address)) this.#text += ` (${address.replace(/^mailto:/, "")})`;
    }
  }

  /** Goes on with an entity of the same kind that ends here. */
  #extend(entity: Entity): void {
    const before = this.#entities.findLastIndex(
      (each) =>
        each.type === entity.type && each.url === entity.url && each.offset + each.length === entity.offset,
    );
    const found = this.#entities[before];
    if (found === undefined || entity.type === "code") this.#entities.push(entity);
    else this.#entities[before] = { ...found, length: found.length + entity.length };
  }

  #mark(entity: Pick<Entity, "type" | "language">, write: () => void): void {
    const offset = this.#text.length;
    write();
    this.#entities.push({ ...entity, offset, length: this.#text.length - offset });
  }

  #code(text: string, language: string): void {
    // An empty block would be nothing at all.
    const shown = text.trim() === "" ? " " : text;
    this.#mark({ type: "pre", ...(language === "" ? {} : { language }) }, () => {
      this.#text += shown;
    });
  }

  #table(table: Extract<Block, { type: "table" }>, margin: string): void {
    if (table.rows.length === 0) return this.#words(table.header.join(" | "), margin);
    const laidOut = layOutTable(table);
    if (laidOut !== undefined) return this.#code(laidOut, "");
    for (const [index, row] of table.rows.entries()) {
      if (index > 0) this.#text += `\n\n${margin}`;
      for (const [column, title] of table.header.entries()) {
        const cell = row[column] ?? "";
        if (column > 0) this.#text += `\n${margin}`;
        this.#mark({ type: "bold" }, () => this.#words(title, margin));
        if (title !== "") this.#text += ": ";
        this.#words(cell, margin);
      }
    }
  }

  /** Code does not stand inside of a quote, nor a quote in a quote: they part it. */
  #quote(blocks: readonly Block[]): void {
    const inner = new Writer();
    inner.blocks(blocks, "");
    const { text, entities } = inner.end();
    const start = this.#text.length;
    this.#text += text;
    const parting = entities.filter(({ type }) => type === "pre" || type === "blockquote");
    let from = 0;
    for (const { offset, length } of [...parting, { offset: text.length, length: 0 }]) {
      const part = text.slice(from, offset);
      const lead = part.length - part.trimStart().length;
      const quoted = { type: "blockquote", offset: start + from + lead, length: part.trim().length } as const;
      this.#entities.push(quoted);
      from = offset + length;
    }
    this.#entities.push(...entities.map((entity) => ({ ...entity, offset: entity.offset + start })));
  }
}

/** As much air as was written; headings and what has edges always have some. */
function needsAir(block: Block, before: Block | undefined): boolean {
  if (block.hasGap) return true;
  return block.type === "table" || before?.type === "table";
}

/** Space at the ends of a message is nothing, unless it belongs to code. */
function findStart(text: string, entities: readonly Entity[]): number {
  const blank = text.length - text.trimStart().length;
  const firstCode = Math.min(
    ...entities.filter(({ type }) => type === "pre").map(({ offset }) => offset),
    text.length,
  );
  return Math.min(blank, firstCode);
}

function findEnd(text: string, entities: readonly Entity[]): number {
  const codeEnds = entities.filter(({ type }) => type === "pre").map(({ offset, length }) => offset + length);
  return Math.max(text.trimEnd().length, ...codeEnds);
}
