import { expect, test } from "bun:test";
import { createMarkdown } from "../../../../test/fakes/random-markdown.ts";
import { createRandom } from "../../../../test/fakes/random.ts";
import { TerminalScreen } from "../../../../test/fakes/terminal-screen.ts";
import { PromptScreen } from "../prompt-screen.ts";
import { TextSanitizer } from "../sanitize.ts";
import { MarkdownPainter } from "./markdown-painter.ts";

function paintAtOnce(text: string, columns: number): string {
  const painter = new MarkdownPainter({ hasLinks: true });
  painter.push(text);
  return painter.end(columns).done;
}

/** On a real screen's height, below a prompt, in pieces, with a frame now and then. */
function stream(text: string, columns: number, random: (below: number) => number): TerminalScreen {
  const rows = 6 + random(20);
  const terminal = new TerminalScreen(columns, rows);
  const screen = new PromptScreen(() => ({ columns, rows }));
  const painter = new MarkdownPainter({ hasLinks: true });
  const sanitizer = new TextSanitizer();
  const largest = 1 + random(60);
  terminal.push(screen.setBottom({ label: "status", text: "", cursor: 0 }));
  for (let place = 0; place < text.length;) {
    const size = 1 + random(largest);
    painter.push(sanitizer.push(text.slice(place, place + size)));
    place += size;
    if (random(3) === 0) continue;
    const { done, open } = painter.frame(columns);
    terminal.push(screen.write(done, open));
    expect(terminal.isAtRest).toBe(true);
  }
  painter.push(sanitizer.end());
  terminal.push(screen.write(painter.end(columns).done));
  terminal.push(screen.setBottom(undefined));
  return terminal;
}

test.each([12, 20, 40, 80, 200])(
  "at %d columns, any pieces of any Markdown end as the same screen",
  (columns) => {
    for (let seed = 0; seed < 30; seed++) {
      const random = createRandom(seed * 7 + columns);
      const text = createMarkdown(random);
      const whole = new TerminalScreen(columns);
      whole.push(paintAtOnce(text, columns).replaceAll("\n", "\r\n"));
      const streamed = stream(text, columns, random);
      if (streamed.text !== whole.text) {
        const expected = whole.text.split("\n");
        const shown = streamed.text.split("\n");
        const row = shown.findIndex((line, index) => line !== expected[index]);
        expect({ seed, row, shown: shown.slice(row, row + 3) }).toEqual({
          seed,
          row,
          shown: expected.slice(row, row + 3),
        });
      }
    }
  },
);
