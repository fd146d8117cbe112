import { describe, expect, test } from "bun:test";

/** How a failure is made to happen, and what the sentence must name: the thing, and the fix. */
export interface Provocation {
  readonly names: readonly string[];
  /** Does it; resolves with what a person would read. */
  readonly provoke: () => Promise<string> | string;
  /** Why it cannot happen on this machine: then the part that names it is handed the real error. */
  readonly whyNot?: string;
}

/** One test for each failure of a family. */
export function testProvocations(family: string, table: Readonly<Record<string, Provocation>>): void {
  describe(`a person who meets ${family}`, () => {
    for (const [name, { names, provoke, whyNot }] of Object.entries(table)) {
      const note = whyNot === undefined ? "" : ` (not for real: ${whyNot})`;
      test(`${name} is told what it is and what to do${note}`, async () => {
        const said = await provoke();
        for (const each of names) expect(said).toContain(each);
        expect(said).not.toContain("undefined");
        expect(said).not.toContain("this is a bug in NanoClaw");
      }, 20_000);
    }
  });
}

/** A sentence as one text. */
export function toSaid({ message, hint = "" }: { readonly message: string; readonly hint?: string }): string {
  return `${message}\n${hint}`;
}
