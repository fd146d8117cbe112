import { expect, test } from "bun:test";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { createFakeServices } from "../../test/fakes/services.ts";
import { runCommandLine } from "./cli.ts";

async function run(...argv: readonly string[]): Promise<string> {
  const io = createFakeIo();
  const services = createFakeServices();
  const context = { programName: "nanoclaw", loadServices: async () => services } as const;
  await runCommandLine(["groups", ...argv], io, context, new AbortController().signal);
  return io.out;
}

test("list shows every group on a line", async () => {
  expect(await run("list")).toBe(
    "NAME    CHATS  SESSIONS  ENTRIES\nmain        0         1        4\nfamily      0         1        4\n",
  );
});

test("list --json is an array", async () => {
  expect(JSON.parse(await run("list", "--json"))).toMatchObject([{ name: "main" }, { name: "family" }]);
});

test("show names the folder", async () => {
  expect(await run("show", "family")).toContain("/groups/family");
});

test("an unknown group is refused with the nearest", async () => {
  expect(run("show", "familly")).rejects.toMatchObject({
    code: "not-found",
    message: 'Unknown group "familly". Did you mean family?',
  });
});

test("add says how to talk to it; a taken name is refused", async () => {
  expect(await run("add", "work")).toContain("nanoclaw -g work");
  expect(run("add", "main")).rejects.toMatchObject({ code: "conflict" });
});
