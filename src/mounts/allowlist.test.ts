import { expect, test } from "bun:test";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../test/fakes/temporary-store.ts";
import { addRoot, AllowlistFile, findAllowlistFile, parseAllowlist } from "./allowlist.ts";
import { decideMount } from "./decide-mount.ts";

const home = "/home/anna";
const own = { path: "/srv/data", allowReadWrite: false };

test.each([
  [{ HOME: home }, "/home/anna/.config/nanoclaw/mount-allowlist.json"],
  [{ HOME: home, XDG_CONFIG_HOME: "/etc/mine" }, "/etc/mine/nanoclaw/mount-allowlist.json"],
  [{ HOME: home, XDG_CONFIG_HOME: "" }, "/home/anna/.config/nanoclaw/mount-allowlist.json"],
  [{ HOME: home, XDG_CONFIG_HOME: "relative" }, "/home/anna/.config/nanoclaw/mount-allowlist.json"],
])("with %j it stands at %s", (environment, path) => {
  expect(findAllowlistFile(environment)).toBe(path);
});

test("what is written is what counts; ~ is the home folder, and writing and main's right are off unless said", () => {
  const text = `// comment
    {"allowedRoots": [{"path": "~/projects", "allowReadWrite": true, "description": "code"}, {"path": "/srv/data/"}],
     "blockedPatterns": ["private*"],}`;
  expect(parseAllowlist(text, home)).toEqual({
    type: "valid",
    list: {
      allowedRoots: [{ path: "/home/anna/projects", allowReadWrite: true }, own],
      blockedPatterns: ["private*"],
      nonMainReadOnly: false,
    },
  });
});

test.each([
  ["", "empty"],
  ["{", "Line 1"],
  ["[]", "object"],
  ['{"allowedRoot": []}', 'Did you mean "allowedRoots"'],
  ['{"allowedRoots": [], "allowedRoots": []}', "twice"],
  ['{"allowedRoots": {}}', "list"],
  ['{"allowedRoots": [{"path": "projects"}]}', "absolute"],
  ['{"allowedRoots": [{"path": ""}]}', "not empty"],
  ['{"allowedRoots": [{"allowReadWrite": true}]}', "not empty"],
  ['{"allowedRoots": [{"path": "/srv", "allowReadWrite": "yes"}]}', "true or false"],
  ['{"allowedRoots": [{"path": "/srv", "readOnly": true}]}', '"readOnly" is not known'],
  ['{"allowedRoots": [{"path": "/"}]}', "whole home"],
  ['{"allowedRoots": [{"path": "/srv/../home"}]}', "whole home"],
  ['{"allowedRoots": [{"path": "~"}]}', "whole home"],
  ['{"allowedRoots": [{"path": "~other/x"}]}', "absolute"],
  ['{"blockedPatterns": ["a/b"]}', "one name"],
  ['{"blockedPatterns": ["*"]}', "one name"],
  ['{"blockedPatterns": ["[a-z]"]}', "one name"],
  ['{"blockedPatterns": [7]}', "not empty"],
  ['{"nonMainReadOnly": 1}', "true or false"],
])("%s counts as nothing, and why is said", (text, reason) => {
  expect(parseAllowlist(text, home)).toMatchObject({
    type: "invalid",
    reason: expect.stringContaining(reason),
  });
});

test.each([
  "",
  "{}",
  '{"allowedRoots": []}',
  '// c\n{"nonMainReadOnly": true,}',
  '{"allowedRoots": [{"path": "/srv"},]}',
])("another root fits into %j", (text) => {
  const state = parseAllowlist(addRoot(text, own), home);
  expect(state).toMatchObject({ type: "valid", list: { allowedRoots: expect.arrayContaining([own]) } });
});

test("folders are compared by whole names, through links, and the innermost root decides", async () => {
  await using folder = await makeTemporaryFolder();
  for (const path of ["data/app/secret-plans", "data/open", "database", "home/keep"]) {
    await mkdir(join(folder.path, path), { recursive: true });
  }
  await symlink(join(folder.path, "database"), join(folder.path, "data/out"));
  await symlink(join(folder.path, "data"), join(folder.path, "short"));
  await symlink(join(folder.path, "home"), join(folder.path, "sly"));
  const path = join(folder.path, "list.json");
  const root = (name: string, allowReadWrite: boolean) => ({ path: join(folder.path, name), allowReadWrite });
  const allowedRoots = [
    root("short", false),
    root("data/open", true),
    root("absent", true),
    root("sly", true),
  ];
  await writeFile(path, JSON.stringify({ allowedRoots, blockedPatterns: ["Secret-*"] }));
  const userHome = join(folder.path, "home");
  const file = new AllowlistFile(path, userHome);
  const rules = { file, home: userHome, protectedFolders: [join(folder.path, "none")] };
  async function decide(name: string, canWrite = true): Promise<string> {
    const decision = await decideMount({ group: "main", path: join(folder.path, name), canWrite }, rules);
    if (!decision.isAllowed) return decision.refusal.message.replaceAll(folder.path, "");
    return decision.canWrite ? "write" : "read";
  }
  expect(await decide("data/app")).toBe("read");
  expect(await decide("data/open")).toBe("write");
  expect(await decide("data/open", false)).toBe("read");
  expect(await decide("short/app")).toBe("read");
  expect(await decide("database")).toContain("lies in no folder");
  expect(await decide("data/out")).toContain("/database lies in no folder");
  expect(await decide("data/../database")).toContain("/database lies in no folder");
  expect(await decide("data/app/secret-plans")).toContain('blocks: "Secret-*"');
  // A root that is a link to the whole home folder allows nothing in it.
  expect(await decide("home/keep")).toContain("lies in no folder");
});
