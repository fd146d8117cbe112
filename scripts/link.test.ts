import { expect, test } from "bun:test";
import { copyFile, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

import { plantProject, type PlantedProject } from "./plant-project.ts";

async function plantBuilt(files: Readonly<Record<string, string>> = {}): Promise<PlantedProject> {
  const project = await plantProject({ "dist/nanoclaw": "#!/bin/sh\necho it runs\n", ...files });
  await Bun.spawn(["chmod", "+x", join(project.root, "dist/nanoclaw")]).exited;
  await Bun.write(join(project.root, "scripts/.keep"), "");
  await copyFile(join(import.meta.dir, "link.sh"), join(project.root, "scripts/link.sh"));
  return project;
}

async function link(
  project: PlantedProject,
  ...options: readonly string[]
): Promise<{ code: number; output: string }> {
  const child = Bun.spawn(["sh", join(project.root, "scripts/link.sh"), ...options], {
    env: { PATH: "/usr/bin:/bin", HOME: project.root, PREFIX: join(project.root, "prefix") },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, output: stdout + stderr };
}

test("both names run the executable, and the person is told what the PATH lacks", async () => {
  await using project = await plantBuilt();
  const bin = join(project.root, "prefix/bin");
  const { code, output } = await link(project);
  expect(code).toBe(0);
  expect(output).toContain(`export PATH="${bin}:$PATH"`);
  expect((await readdir(bin)).toSorted()).toEqual(["claw", "nanoclaw"]);
  const child = Bun.spawn([join(bin, "claw")], { stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toBe("it runs\n");
  expect((await link(project)).code).toBe(0);
});

test("--remove takes away what it made and nothing else", async () => {
  await using project = await plantBuilt({ "prefix/bin/other": "" });
  await link(project);
  expect((await link(project, "--remove")).code).toBe(0);
  expect(await readdir(join(project.root, "prefix/bin"))).toEqual(["other"]);
});

test("somebody else's program is not replaced, and then neither name is linked", async () => {
  await using project = await plantBuilt({ "prefix/bin/claw": "theirs" });
  const { code, output } = await link(project);
  expect(code).toBe(1);
  expect(output).toContain("prefix/bin/claw belongs to something else");
  expect(await readdir(join(project.root, "prefix/bin"))).toEqual(["claw"]);
  await link(project, "--remove");
  expect(await Bun.file(join(project.root, "prefix/bin/claw")).text()).toBe("theirs");
});

test("the links name the executable by its real path", async () => {
  await using project = await plantBuilt();
  await link(project);
  expect(await readlink(join(project.root, "prefix/bin/nanoclaw"))).toBe(join(project.root, "dist/nanoclaw"));
});
