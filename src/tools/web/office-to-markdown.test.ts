import { expect, test } from "bun:test";
import { createZip, docx, odt, pptx, xlsx } from "../../../test/fakes/documents.ts";
import { officeToMarkdown } from "./office-to-markdown.ts";

const never = new AbortController().signal;

test.each([
  ["a text of Word", docx, "## The plan\n\nRome & Vienna\tin May\n\ntrain\t40 €"],
  ["a workbook", xlsx, "## Costs\n\nitem\t12.5\nrailway\tfree\n\n## More\n\n"],
  ["slides, in their order", pptx, "## Slide 1\n\nFirst\n\nwords\n\n## Slide 2\n\nLast"],
  ["a text of OpenDocument", odt, "# Reise\n\nHallo liebe Anna\nbis  bald"],
])("%s becomes text", async (_, bytes, text) => {
  expect(await officeToMarkdown(bytes, never)).toBe(text);
});

test("what is no office file is none, however it is cut or turned", async () => {
  expect(await officeToMarkdown(createZip({ "a.txt": "x" }), never)).toBeUndefined();
  expect(await officeToMarkdown(Buffer.from("PK and more words"), never)).toBeUndefined();
  for (let length = 0; length < docx.length; length += 7) {
    // No length of it hangs or throws anything but what was foreseen.
    const text = await officeToMarkdown(docx.subarray(0, length), never).catch((error: unknown) =>
      String(error),
    );
    expect(text === undefined || text.startsWith("AppError")).toBe(true);
  }
  for (let at = 0; at < docx.length; at += 3) {
    const turned = new Uint8Array(docx);
    turned[at] = (turned[at] ?? 0) ^ 0xff;
    const text = await officeToMarkdown(turned, never).catch((error: unknown) => String(error));
    expect(text === undefined || typeof text === "string").toBe(true);
  }
});

test("a small file that holds a large one is not unpacked", async () => {
  const bomb = createZip({ "word/document.xml": new Uint8Array(40_000_000) });
  expect(bomb.length).toBeLessThan(100_000);
  expect(officeToMarkdown(bomb, never)).rejects.toThrow("larger than 30 MB");
});
