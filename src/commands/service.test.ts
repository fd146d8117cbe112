import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { parseArguments } from "./arguments.ts";
import { findCommand } from "./find-command.ts";
import type { RunningProgram } from "../operations/service/running-program.ts";
import { runServicePath } from "./service.ts";
import { commands } from "./table.ts";

const executable: RunningProgram = { type: "executable", path: "/opt/it/nanoclaw" };

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "service path-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(
  argv: readonly string[],
  program: RunningProgram = executable,
  path = "",
): Promise<string> {
  const { rest, command } = findCommand(["service", "path", ...argv], commands);
  const io = createFakeIo({ cwd: folder, env: { HOME: folder, PATH: path } });
  await runServicePath(parseArguments(rest, command), io, program);
  return io.out;
}

test("both names are linked to the executable, twice without harm", async () => {
  await run([]);
  await run([]);
  const bin = join(folder, ".local", "bin");
  expect(await readlink(join(bin, "claw"))).toBe(executable.path);
  expect((await readdir(bin)).toSorted()).toEqual(["claw", "nanoclaw"]);
});

test("it says what to add to the PATH, unless it is there", async () => {
  const bin = join(folder, "p", "bin");
  expect(await run(["--prefix", "p"])).toContain(`export PATH="${bin}:$PATH"`);
  expect(await run(["--prefix", "p"], executable, `/bin:${bin}`)).not.toContain("export");
});

test("what is not ours is neither replaced nor removed", async () => {
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "claw"), "precious");
  expect(run(["--prefix", "."])).rejects.toMatchObject({ code: "conflict" });
  await run(["--prefix", ".", "--remove"]);
  expect(await readdir(join(folder, "bin"))).toEqual(["claw"]);
});

test("from source it makes launchers that pass the name and every argument on", async () => {
  const main = join(folder, "it's main.ts");
  await writeFile(main, "console.log(JSON.stringify([process.env.NANOCLAW_NAME, ...process.argv.slice(2)]))");
  await run(["--prefix", "."], { type: "source", bun: process.execPath, main });
  const claw = Bun.spawn([join(folder, "bin", "claw"), "-m", "two words"], { stdout: "pipe" });
  expect(JSON.parse(await claw.stdout.text())).toEqual(["claw", "-m", "two words"]);
  await run(["--prefix", ".", "--remove"]);
  expect(await readdir(join(folder, "bin"))).toEqual([]);
});
