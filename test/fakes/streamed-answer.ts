import { MarkdownPainter } from "../../src/channels/terminal/render/markdown-painter.ts";
import { PromptScreen } from "../../src/channels/terminal/prompt-screen.ts";
import { TextSanitizer } from "../../src/channels/terminal/sanitize.ts";
import { TerminalScreen } from "./terminal-screen.ts";

/** An answer that comes all at once, as a terminal of this width shows it. */
export function showWhole(text: string, columns: number): string {
  const screen = new TerminalScreen(columns);
  screen.push(paintWhole(text, columns).replaceAll("\n", "\r\n"));
  return screen.text;
}

export function paintWhole(text: string, columns: number, hasLinks = true): string {
  const painter = new MarkdownPainter({ hasLinks });
  painter.push(text);
  return painter.end(columns).done;
}

/**
 * The same answer in pieces of any size, with a frame now and then, above a status line, on a terminal of a real
 * height. `choose` decides. Throws when a frame leaves a colour, a link or half a sequence on.
 */
export function showStreamed(text: string, columns: number, choose: (below: number) => number): string {
  const rows = 6 + choose(20);
  const terminal = new TerminalScreen(columns, rows);
  const screen = new PromptScreen(() => ({ columns, rows }));
  const painter = new MarkdownPainter({ hasLinks: true });
  const sanitizer = new TextSanitizer();
  const largest = 1 + choose(80);
  terminal.push(screen.setBottom({ label: "status", text: "", cursor: 0 }));
  for (let place = 0; place < text.length;) {
    const size = 1 + choose(largest);
    painter.push(sanitizer.push(text.slice(place, place + size)));
    place += size;
    if (choose(2) === 0) continue;
    const { done, open } = painter.frame(columns);
    terminal.push(screen.write(done, open));
    if (!terminal.isAtRest) throw new Error("a frame left something switched on");
  }
  painter.push(sanitizer.end());
  terminal.push(screen.write(painter.end(columns).done));
  terminal.push(screen.setBottom(undefined));
  return terminal.text;
}
