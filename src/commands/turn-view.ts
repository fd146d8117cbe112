import type { AgentEvent } from "../agent/events.ts";
import { MarkdownStyler } from "../channels/terminal/markdown-styler.ts";
import { sanitizeLine, TextSanitizer } from "../channels/terminal/sanitize.ts";
import { toText } from "../providers/provider.ts";
import { createStyle, type Style } from "./style.ts";
import { clipLine, formatToolLine } from "./tool-line.ts";

/** Where a turn is shown: the answer, lines beside it, and one line that comes and goes. */
export interface TurnSurface {
  text(text: string): Promise<void>;
  /** Ends the answer's last line, if anything stands in it. */
  endLine(): Promise<void>;
  aside(text: string): Promise<void>;
  /** Empty when there is nothing to say. */
  status(text: string): Promise<void>;
  columns(): number;
}

/** Shows a turn to a person at a terminal, as it goes. Nothing that the model or a tool wrote reaches it unsanitised. */
export class TurnView {
  readonly #surface: TurnSurface;
  readonly #style: Style;
  readonly #createStyler: () => MarkdownStyler | undefined;
  #sanitizer = new TextSanitizer();
  #styler: MarkdownStyler | undefined;
  #isInText = false;

  constructor(surface: TurnSurface, options: { readonly hasColor: boolean; readonly hasMarkdown: boolean }) {
    this.#surface = surface;
    this.#style = createStyle(options.hasColor);
    this.#createStyler = () => (options.hasColor && options.hasMarkdown ? new MarkdownStyler() : undefined);
    this.#styler = this.#createStyler();
  }

  async show(event: AgentEvent): Promise<void> {
    switch (event.type) {
      case "turn-start":
      case "step-start":
        return await this.#setStatus("Thinking…");
      case "text-delta":
        if (!this.#isInText) await this.#surface.status("");
        this.#isInText = true;
        return await this.#write(this.#sanitizer.push(event.text));
      case "message-end":
        if (!this.#isInText) await this.#write(this.#sanitizer.push(toText(event.message)));
        return await this.#endText();
      case "tool-start":
        await this.#endText();
        return await this.#setStatus(`  ${sanitizeLine(event.title)} …`);
      case "tool-end":
        await this.#aside(formatToolLine(event, this.#surface.columns()));
        return await this.#setStatus("Thinking…");
      case "retry":
        return await this.#setStatus(
          `Trying again in ${Math.ceil(event.waitMs / 1000)} s: ${sanitizeLine(event.reason)}`,
        );
      case "notice":
        return await this.#aside(`  ${sanitizeLine(event.text)}`);
      case "turn-end":
        await this.#endText();
        return await this.#surface.status("");
      case "thinking-delta":
      case "message-join":
      case "tool-progress":
        return;
      default:
        event satisfies never;
    }
  }

  async #write(text: string): Promise<void> {
    if (text === "") return;
    const styled = this.#styler === undefined ? text : this.#styler.push(text);
    if (styled !== "") await this.#surface.text(styled);
  }

  /** Ends the answer's last line, so that what comes next has its own. */
  async #endText(): Promise<void> {
    await this.#write(this.#sanitizer.end());
    const rest = this.#styler?.end() ?? "";
    if (rest !== "") await this.#surface.text(rest);
    await this.#surface.endLine();
    this.#sanitizer = new TextSanitizer();
    this.#styler = this.#createStyler();
    this.#isInText = false;
  }

  async #aside(line: string): Promise<void> {
    await this.#endText();
    await this.#surface.aside(`${this.#style.dim(line)}\n`);
  }

  async #setStatus(text: string): Promise<void> {
    await this.#surface.status(this.#style.dim(clipLine(text, this.#surface.columns() - 1)));
  }
}
