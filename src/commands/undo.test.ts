import { expect, test } from "bun:test";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { createFakeServices } from "../../test/fakes/services.ts";
import { runCommandLine } from "./cli.ts";

async function undo(...words: string[]) {
  const io = createFakeIo();
  const services = createFakeServices();
  const context = { programName: "nanoclaw", loadServices: async () => services } as const;
  const code = await runCommandLine(["undo", ...words], io, context, new AbortController().signal);
  return { code, out: io.out, err: io.err, undone: services.undone };
}

test("the list shows what there is to go back to", async () => {
  expect(await undo("--list")).toMatchObject({
    code: 0,
    out: "   2  10:42  “tidy up”\n   1  09:00  “begin”\n",
  });
});

test("--diff shows each file and changes nothing", async () => {
  expect(await undo("--diff")).toMatchObject({
    code: 0,
    out: "1 file changed since 10:42 (“tidy up”):\n~ notes.md  3 B → 5 B\n",
    undone: ["last: no"],
  });
});

test("--yes does it, for the number or the time that was given", async () => {
  expect(await undo("--yes")).toMatchObject({
    code: 0,
    out: "Undone: 1 file changed.\n",
    undone: ["last: yes"],
  });
  expect(await undo("-y", "--to", "09:00")).toMatchObject({ code: 0, undone: ["09:00: yes"] });
});

test("where nobody can answer, it says what it would do and does not", async () => {
  await expect(undo()).rejects.toMatchObject({
    code: "usage",
    message: "It would be undone: 1 file changed since 10:42 (“tidy up”).",
    hint: "Where nobody can answer, say --yes, or look first with --diff.",
  });
});

test("when there is nothing to undo, it says so", async () => {
  expect(await undo("--to", "none")).toMatchObject({
    code: 0,
    out: "There is nothing to undo.\n",
    undone: [],
  });
});
