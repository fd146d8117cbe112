import { afterAll, beforeAll, expect, test } from "bun:test";
import { closeSync, constants, openSync } from "node:fs";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkSharedFolder, findAccess, type SharedFolderRules } from "./shared-folder.ts";

let root: string;
let rules: SharedFolderRules;
beforeAll(async () => {
  root = await realpath(await mkdtemp("/tmp/nanoclaw-share-"));
  rules = {
    home: join(root, "home"),
    protectedFolders: [join(root, "home/.state"), join(root, "program")],
    canWrite: false,
  };
  for (const folder of [
    "home/project/inner",
    "home/.ssh/keys",
    "home/.state/groups",
    "home/id_rsa-backup",
    "home/.env.d",
    "home/.SSH",
    "home/environment",
    "home/line\nbreak",
    "program/bin",
    "data",
    "data/.git/hooks",
    "data/.vscode",
    "data/.claude/worktrees/one",
  ]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await writeFile(join(root, "home/file"), "");
  await symlink(join(root, "home/project"), join(root, "short"));
  await symlink(join(root, "home/.ssh"), join(root, "innocent"));
  await symlink(join(root, "home/.state"), join(root, "home/state-link"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test.each([
  ["home/project", "home/project"],
  ["home/project/inner", "home/project/inner"],
  ["home/environment", "home/environment"],
  ["data", "data"],
  ["short", "home/project"],
  ["home/project/../project", "home/project"],
])("%s may be shared", async (path, source) => {
  expect(await checkSharedFolder(`${root}/${path}`, rules)).toEqual({
    isAllowed: true,
    source: join(root, source),
  });
});

test.each([
  ["home", "home folder"],
  ["", "home folder"],
  ["home/.ssh", ".ssh"],
  ["home/.ssh/keys", ".ssh"],
  ["innocent/keys", ".ssh"],
  ["home/.SSH", ".SSH"],
  ["home/id_rsa-backup", "id_rsa-backup"],
  ["home/.env.d", ".env.d"],
  ["home/.state", "NanoClaw's own"],
  ["home/.state/groups", "NanoClaw's own"],
  ["home/state-link", "NanoClaw's own"],
  ["program/bin", "NanoClaw's own"],
  ["home/file", "Only folders"],
  ["home/missing", "does not exist"],
  ["home/line\nbreak", "cannot be shown"],
])("%j is refused with a reason", async (path, reason) => {
  expect(await checkSharedFolder(join(root, path), rules)).toEqual({
    isAllowed: false,
    reason: expect.stringContaining(reason),
  });
});

test.each([
  "/",
  "/etc",
  "/etc/ssl",
  "/proc",
  "/proc/self/root",
  "/sys",
  "/dev",
  "/dev/shm",
  "/usr",
  "/usr/share",
  "/var",
  "/var/run",
  "/boot",
  "/tmp",
])("%s is never shared", async (path) => {
  expect(await checkSharedFolder(path, rules)).toMatchObject({ isAllowed: false });
});

test.each(["relative", "./x", "~/x", ""])("%j is no absolute path", async (path) => {
  expect(await checkSharedFolder(path, rules)).toMatchObject({ isAllowed: false });
});

test("control characters are refused before the disk is asked", async () => {
  for (const character of ["\0", "\n", "\r", "\u001b", "\u0085", "\u2028"]) {
    expect(await checkSharedFolder(`/home/a${character}b`, rules)).toMatchObject({ isAllowed: false });
  }
});

test.each([
  ["data/.git", false],
  ["data/.git/hooks", false],
  ["data/.vscode", false],
  ["data/.claude/worktrees/one", true],
])("%s, which may be read, may be written: %p", async (path, isAllowed) => {
  const decide = (canWrite: boolean) => checkSharedFolder(join(root, path), { ...rules, canWrite });
  expect(await decide(false)).toMatchObject({ isAllowed: true });
  expect(await decide(true)).toMatchObject({ isAllowed });
});

test("a uid that is not the owner's shares by the modes alone where there are no mapped mounts", async () => {
  const reader = { uid: 200_001, gid: 200_001 };
  // What the kernel makes of its processes has none.
  const folder = openSync("/proc/self", constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    expect(await findAccess("/proc/self", folder, reader, false)).toEqual({ type: "plain" });
    expect(await findAccess("/proc/self", folder, reader, true)).toMatchObject({
      type: "refused",
      reason: expect.stringContaining("no idmapped mounts"),
    });
  } finally {
    closeSync(folder);
  }
});

test.skipIf(process.getuid?.() !== 0)("root lends a closed folder as its owner's", async () => {
  const folder = join(root, "data");
  await chmod(folder, 0o700);
  const asStranger = (canWrite: boolean) =>
    checkSharedFolder(folder, { ...rules, canWrite, readerUid: 200_001 });
  expect(await asStranger(false)).toMatchObject({ isAllowed: true });
  expect(await asStranger(true)).toMatchObject({ isAllowed: true });
  await chmod(folder, 0o755);
});
