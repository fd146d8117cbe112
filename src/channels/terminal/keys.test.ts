import { expect, test } from "bun:test";
import { type KeyEvent, KeyParser } from "./keys.ts";

function parse(text: string, size = text.length): KeyEvent[] {
  const parser = new KeyParser();
  const bytes = new TextEncoder().encode(text);
  const events: KeyEvent[] = [];
  for (let place = 0; place < bytes.length; place += size)
    events.push(...parser.push(bytes.slice(place, place + size)));
  return events;
}

/** As one text and a list of keys: how typed text is cut into events does not matter. */
function summarise(events: readonly KeyEvent[]): string {
  return events
    .map((event) =>
      event.type === "text" ? event.text : `<${event.type === "key" ? event.name : `paste ${event.text}`}>`,
    )
    .join("");
}

test.each([
  ["hé👩‍👧日\r", "hé👩‍👧日<enter>"],
  ["a\u007f\u0003\u0004", "a<backspace><interrupt><end-of-input>"],
  ["\u001b[A\u001bOB\u001b[1;5C\u001bb\u001b\r", "<up><down><word-right><word-left><newline>"],
  ["\u001b[200~one\r\ntwo\u001b[31m\tthree\u001b[201~x", "<paste one\ntwo[31m\tthree>x"],
  ["\u001b[99;99zok", "ok"],
])("%j is %s, in whatever pieces it comes", (typed, expected) => {
  for (const size of [100, 3, 2]) expect(summarise(parse(typed, size))).toBe(expected);
});

test("an unfinished sequence does not swallow what follows", () => {
  expect(summarise(parse(`\u001b[${"1;".repeat(40)}`))).toContain("[1;");
});
