import { expect, test } from "bun:test";
import { quoteName } from "./quote-name.ts";

test.each(["a b.txt", "it's", '"', "-rf", "$(x)", "漢字.md", "$x", "'"])("%j is shown as it is", (name) => {
  expect(quoteName(Buffer.from(name))).toBe(name);
});

test.each([
  ["a\nb", "$'a\\nb'"],
  ["it's\t", "$'it\\'s\\t'"],
  ["\u001b[31m", "$'\\033[31m'"],
  ["\u202etxt", "$'\\342\\200\\256txt'"],
  ["$'plain'", "$'$\\'plain\\''"],
])("%j is quoted", (name, quoted) => {
  expect(quoteName(Buffer.from(name))).toBe(quoted);
});

test("bash reads every quoted name back as the same bytes", async () => {
  for (let round = 0; round < 20; round += 1) {
    const name = Buffer.from(Array.from({ length: 13 }, (_, index) => ((round * 13 + index) % 255) + 1));
    const shell = Bun.spawn([
      "bash",
      "-c",
      `printf %s ${quoteName(Buffer.concat([Buffer.from("\n"), name]))}`,
    ]);
    const read = Buffer.from(await new Response(shell.stdout).arrayBuffer());
    expect(read.subarray(1).toString("hex")).toBe(name.toString("hex"));
  }
});
