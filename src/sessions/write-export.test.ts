import { expect, test } from "bun:test";
import { mkdir, readFile, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../test/fakes/temporary-store.ts";
import { writeExport } from "./write-export.ts";

test("a file is written for its owner only, and never over another without a yes", async () => {
  await using temporary = await makeTemporaryFolder();
  const place = { folder: await realpath(temporary.path), writable: [] };
  const path = join(place.folder, "a.md");
  expect(await writeExport("a.md", "one", place, false)).toEqual({ path });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await writeExport("a.md", "two", place, false)).toBe("exists");
  expect(await readFile(path, "utf8")).toBe("one");
  expect(await writeExport("a.md", "two", place, true)).toEqual({ path });
  expect(await readFile(path, "utf8")).toBe("two");
});

test("a link in its place is not followed, with a yes it is replaced", async () => {
  await using temporary = await makeTemporaryFolder();
  const place = { folder: temporary.path, writable: [temporary.path] };
  await writeFile(join(temporary.path, "target"), "untouched");
  for (const [name, target] of [
    ["link.md", "target"],
    ["dangling.md", "nowhere"],
  ] as const) {
    await symlink(join(temporary.path, target), join(temporary.path, name));
    expect(await writeExport(name, "x", place, false)).toBe("exists");
    await writeExport(name, "x", place, true);
  }
  expect(await readFile(join(temporary.path, "target"), "utf8")).toBe("untouched");
  expect(await readFile(join(temporary.path, "link.md"), "utf8")).toBe("x");
  expect(stat(join(temporary.path, "nowhere"))).rejects.toThrow("ENOENT");
});

test("below a folder that a sandbox can write nothing is written, whatever leads there", async () => {
  await using temporary = await makeTemporaryFolder();
  const shared = join(temporary.path, "shared");
  await mkdir(join(shared, "sub"), { recursive: true });
  await symlink(join(shared, "sub"), join(temporary.path, "way"));
  const place = { folder: shared, writable: [shared] };
  for (const path of ["sub/a.md", "../way/a.md"]) {
    expect(writeExport(path, "x", place, false)).rejects.toMatchObject({ code: "denied" });
  }
  expect(await writeExport("a.md", "x", place, false)).not.toBe("exists");
  expect(await writeExport("sub/a.md", "x", { ...place, writable: [] }, false)).not.toBe("exists");
});

test("a place that is none is named", async () => {
  await using temporary = await makeTemporaryFolder();
  const place = { folder: temporary.path, writable: [] };
  await mkdir(join(temporary.path, "sub"));
  expect(writeExport("no/a.md", "x", place, false)).rejects.toThrow("There is no folder");
  expect(writeExport("sub", "x", place, true)).rejects.toThrow("is a folder");
});
