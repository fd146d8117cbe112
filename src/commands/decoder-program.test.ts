import { expect, test } from "bun:test";
import { mkdir, readdir, rename } from "node:fs/promises";
import { makeTemporaryFolder } from "../../test/fakes/temporary-store.ts";
import { prepareDecoder } from "./decoder-program.ts";

test("one that another process has made meanwhile is not taken away from it; older ones go", async () => {
  await using run = await makeTemporaryFolder();
  const { folder } = await prepareDecoder(run.path);
  await mkdir(`${run.path}/decoder-older`);
  // Not found when we looked, and there when we would put ours in its place.
  await rename(`${folder}/program`, `${folder}/of-another`);
  await prepareDecoder(run.path);
  expect(await readdir(folder)).toContain("of-another");
  expect(await readdir(run.path)).toEqual([folder.slice(run.path.length + 1)]);
});
