import { expect, test } from "bun:test";
import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHostSandbox } from "../fakes/host-sandbox.ts";
import { openToolBench, type ToolBench } from "../fakes/tool-bench.ts";

const programs = ["sh", "setpriv", "cat", "head", "cut", "mkdir", "touch", "printf", "wc", "sleep"];

/** Without bash, with a `grep` that knows no Perl and a `find` that knows no `-printf`: as on Alpine or a Mac. */
async function openPoorBench(): Promise<ToolBench> {
  const folder = await mkdtemp(join(tmpdir(), "poor-path-"));
  await chmod(folder, 0o755);
  for (const program of programs) {
    await symlink(Bun.which(program) ?? `/bin/${program}`, join(folder, program));
  }
  for (const [program, option] of Object.entries({ grep: "-P", find: "-printf" })) {
    const shim = `#!/bin/sh\nfor word; do [ "$word" = ${option} ] && exit 2; done\nexec ${Bun.which(program)} "$@"\n`;
    await writeFile(join(folder, program), shim, { mode: 0o755 });
  }
  const bench = await openToolBench({ openSandbox: () => createHostSandbox({ PATH: folder }) });
  return {
    ...bench,
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test("without bash the shell is sh", async () => {
  await using bench = await openPoorBench();
  const { content } = await bench.call("shell", { command: 'echo "${BASH_VERSION:-plain}"; exit 2' });
  expect(content).toBe("plain\nexit code 2");
});

test("a grep without Perl's expressions takes extended ones", async () => {
  await using bench = await openPoorBench();
  await bench.inside("mkdir src; printf 'a1\\nb\\n' > src/f");
  expect((await bench.call("search_files", { pattern: "^(a|c)[0-9]$" })).content).toBe("src/f:1: a1");
});

test("a find without -printf lists names and types, without sizes", async () => {
  await using bench = await openPoorBench();
  await bench.inside("mkdir -p src/deep node_modules/m; touch src/f 'src/a b'");
  expect((await bench.call("list_files", { depth: 3 })).content).toBe(
    "node_modules/\nsrc/\nsrc/a b\nsrc/deep/\nsrc/f",
  );
});
