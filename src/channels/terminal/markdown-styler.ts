const bold = "\u001b[1m";
const dim = "\u001b[2m";
const cyan = "\u001b[36m";
const reset = "\u001b[0m";

/**
 * Styles Markdown as it streams: headings, `**bold**`, `` `code` `` and fenced blocks. Every character stays, so that
 * what is copied from the terminal is what was written. Expects sanitised text; holds back an unfinished mark.
 */
export class MarkdownStyler {
  #held = "";
  #isLineStart = true;
  #isFence = false;
  #isFenceLine = false;
  #isHeading = false;
  #isBold = false;
  #isCode = false;

  push(chunk: string): string {
    const text = this.#held + chunk;
    const undecided = /(?:^|\n)(?:#{1,6}|`{1,2})$|(?<!\*)\*$/.exec(text);
    this.#held = undecided === null ? "" : undecided[0].replace(/^\n/, "");
    return this.#style(text.slice(0, text.length - this.#held.length));
  }

  /** What was held back. Afterwards it can begin anew. */
  end(): string {
    const rest = this.#style(this.#held);
    this.#held = "";
    this.#isFence = false;
    this.#endLine();
    return rest;
  }

  /** Whole in itself: what is drawn between two pieces, a prompt for example, has its own colours. */
  #style(text: string): string {
    let styled = this.#look();
    for (const [token] of text.matchAll(/\n|`{3,}|`|\*\*|#{1,6} |[^\n`*#]+|./gsu)) {
      styled += this.#next(token);
      if (token !== "\n") this.#isLineStart = false;
    }
    return text === "" ? "" : styled + (this.#look() === "" ? "" : reset);
  }

  #next(token: string): string {
    if (token === "\n") {
      const isStyled = this.#look() !== "";
      this.#endLine();
      return `${isStyled ? reset : ""}\n${this.#look()}`;
    }
    if (token.startsWith("```") && this.#isLineStart) {
      this.#isFenceLine = true;
      return reset + this.#look() + token;
    }
    if (this.#isFence || this.#isFenceLine) return token;
    if (/^#{1,6} $/.test(token) && this.#isLineStart) {
      this.#isHeading = true;
      return this.#look() + token;
    }
    if (token === "`") return this.#toggle(token, () => (this.#isCode = !this.#isCode));
    if (token === "**" && !this.#isCode) return this.#toggle(token, () => (this.#isBold = !this.#isBold));
    return token;
  }

  /** The mark itself belongs to what it marks. */
  #toggle(token: string, change: () => boolean): string {
    return change() ? this.#look() + token : token + reset + this.#look();
  }

  /** Inline styles end with their line: a stray mark colours one line, not the rest of the answer. */
  #endLine(): void {
    if (this.#isFenceLine) this.#isFence = !this.#isFence;
    this.#isHeading = this.#isBold = this.#isCode = this.#isFenceLine = false;
    this.#isLineStart = true;
  }

  #look(): string {
    if (this.#isFenceLine) return dim;
    if (this.#isFence) return cyan;
    return (this.#isHeading || this.#isBold ? bold : "") + (this.#isCode ? cyan : "");
  }
}
