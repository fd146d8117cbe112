import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { paintWhole, showWhole } from "../../../../test/fakes/streamed-answer.ts";
import { sanitizeText } from "../sanitize.ts";

const folder = join(import.meta.dir, "../../../../test/golden/screens");
const widths = [40, 80, 200] as const;

/** A document, and below it what terminals show of it. Written anew by `WRITE_GOLDEN=1 bun test golden`, and then read. */
test.each(readdirSync(folder))("%s looks as it should at 40, 80 and 200 columns", async (name) => {
  const path = join(folder, name);
  const [document = ""] = (await Bun.file(path).text()).split("\f\n");
  const shown = [document, ...widths.map((columns) => describe(document, columns)), describeColors(document)];
  if (Bun.env["WRITE_GOLDEN"] === "1") await Bun.write(path, shown.join("\f\n"));
  expect(await Bun.file(path).text()).toBe(shown.join("\f\n"));
});

function describe(document: string, columns: number): string {
  return `${columns} columns\n${showWhole(sanitizeText(document), columns).trimEnd()}\n`;
}

function describeColors(document: string): string {
  const painted = paintWhole(sanitizeText(document), 80, false);
  return `colours\n${painted
    .replaceAll("\u001b[0m", "{}")
    .replaceAll("\u001b[", "{")
    .replace(/\{([0-9;]+)m/g, "{$1}")}`;
}
