import { expect, test } from "bun:test";
import { join } from "node:path";

import { checkLockfile } from "./check-lockfile.ts";
import { completeLockfile } from "./complete-lockfile.ts";
import { plantProject } from "./plant-project.ts";

const manifest = { dependencies: { tool: "1.2.3" } };
const tool = {
  version: "1.2.3",
  license: "MIT",
  optionalDependencies: { "@tool/binding-linux-arm64-musl": "1.2.3" },
};
const binding = { version: "1.2.3", optional: true };

function toFiles(
  packages: Readonly<Record<string, unknown>>,
  own: unknown = manifest,
): Record<string, string> {
  return {
    "package.json": JSON.stringify(own),
    "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages }),
  };
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  await using project = await plantProject(files);
  return (await checkLockfile(project.root)).join("\n");
}

test("a complete lockfile in step with package.json passes", async () => {
  const packages = {
    "": manifest,
    "node_modules/tool": tool,
    "node_modules/@tool/binding-linux-arm64-musl": binding,
  };
  expect(await problemsOf(toFiles(packages))).toBe("");
});

test("a missing binary of another system is found, and completing adds it as npm would", async () => {
  await using project = await plantProject(toFiles({ "": manifest, "node_modules/tool": tool }));
  expect((await checkLockfile(project.root)).join("\n")).toContain(
    "@tool/binding-linux-arm64-musl, needed by node_modules/tool",
  );

  expect(await completeLockfile(project.root)).toEqual(["node_modules/@tool/binding-linux-arm64-musl"]);
  expect(await checkLockfile(project.root)).toEqual([]);
  const lockfile = await Bun.file(join(project.root, "package-lock.json")).json();
  expect(lockfile.packages["node_modules/@tool/binding-linux-arm64-musl"]).toEqual({
    version: "1.2.3",
    cpu: ["arm64"],
    libc: ["musl"],
    license: "MIT",
    optional: true,
    os: ["linux"],
  });
  expect(await completeLockfile(project.root)).toEqual([]);
});

test("a version range is refused", async () => {
  const loose = { dependencies: { tool: "^1.2.3" } };
  expect(await problemsOf(toFiles({ "": loose }, loose))).toContain("tool is ^1.2.3: pin one exact version");
});

test("a dependency that only package.json has is found", async () => {
  expect(await problemsOf(toFiles({ "": {} }))).toContain("dependencies differ from package.json");
});

test("the address of a registry is refused", async () => {
  const packages = {
    "": manifest,
    "node_modules/tool": { version: "1.2.3", resolved: "https://example.com/tool.tgz" },
  };
  expect(await problemsOf(toFiles(packages))).toContain("node_modules/tool names where it was downloaded");
});
