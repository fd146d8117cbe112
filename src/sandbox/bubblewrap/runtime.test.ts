import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBubblewrap } from "./runtime.ts";

const isRoot = process.getuid?.() === 0;
const signal = AbortSignal.timeout(60_000);
let root: string;
beforeAll(async () => {
  root = await mkdtemp("/tmp/nanoclaw-runtime-");
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A system with exactly these programs. */
async function systemWith(name: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { mode: 0o755 });
  for (const [program, text] of Object.entries(programs)) {
    if (text.startsWith("/")) await symlink(text, join(folder, program));
    else await writeFile(join(folder, program), text, { mode: 0o755 });
  }
  return folder;
}

const spec = () => ({
  uid: 210_900,
  workspace: join(root, "workspace"),
  home: join(root, "home"),
  temporary: join(root, "tmp"),
  mounts: [],
});

test.each([
  ["apt-get", "apt-get install bubblewrap"],
  ["dnf", "dnf install bubblewrap"],
  ["apk", "apk add bubblewrap"],
  ["nothing", "the package bubblewrap"],
])("without bubblewrap, on a system with %s, the remedy is %p", async (manager, remedy) => {
  const runtime = createBubblewrap({
    searchPath: await systemWith(`none-${manager}`, { [manager]: "#!/bin/sh\n" }),
  });
  expect(await runtime.probe(signal)).toMatchObject({
    isAvailable: false,
    reason: expect.stringContaining("bwrap"),
    remedy: expect.stringContaining(remedy),
  });
  await expect(runtime.open(spec())).rejects.toMatchObject({ code: "sandbox-unavailable" });
});

test.skipIf(!isRoot)("root without the program that drops its rights gets no sandbox", async () => {
  const programs = { bwrap: "/usr/bin/bwrap", unshare: "/usr/bin/unshare", sh: "/bin/sh" };
  const runtime = createBubblewrap({ searchPath: await systemWith("no-nsenter", programs) });
  expect(await runtime.probe(signal)).toMatchObject({
    isAvailable: false,
    reason: expect.stringContaining("nsenter"),
  });
});

test("a bubblewrap that does not know an option is not called without it", async () => {
  const old = await systemWith("old", {
    bwrap: "#!/bin/sh\necho 'bwrap: Unknown option --disable-userns' >&2\nexit 1\n",
  });
  const runtime = createBubblewrap({ searchPath: `${old}:/usr/bin:/bin:/usr/sbin` });
  const unreadable = isRoot ? "chmod" : undefined;
  if (unreadable !== undefined) Bun.spawnSync([unreadable, "755", root]);
  expect(await runtime.probe(signal)).toMatchObject({
    isAvailable: false,
    reason: "bubblewrap is too old: bwrap: Unknown option --disable-userns",
    remedy: "Install bubblewrap 0.8 or newer.",
  });
});

test("one that runs the command without confining it is found out", async () => {
  const fake = await systemWith("fake", {
    bwrap: '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n',
  });
  const runtime = createBubblewrap({ searchPath: `${fake}:/usr/bin:/bin:/usr/sbin` });
  expect(await runtime.probe(signal)).toMatchObject({ isAvailable: false });
});
