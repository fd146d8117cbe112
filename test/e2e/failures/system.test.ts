import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { explain } from "../../../src/errors.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { asNobody, onReadOnlyDisk } from "../../fakes/surroundings.ts";

function failWith(code: string, path?: string): string {
  return toSaid(explain(Object.assign(new Error(code), { code, ...(path === undefined ? {} : { path }) })));
}

const isCompiled = (process.env["NANOCLAW_PROGRAM"] ?? "") !== "";

testProvocations("system", {
  diskFull: {
    names: ["The disk is full", "Nothing that was already saved is lost", "df -h"],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const under = ["sh", "-c", 'exec "$0" "$@" >/dev/full'];
      return (await bench.run(["--help"], { under })).err;
    },
  },
  quotaFull: {
    whyNot: "no file system here has quotas",
    names: ["Your share of the disk is used up (/home/anna/x)", "quota -s"],
    provoke: () => failWith("EDQUOT", "/home/anna/x"),
  },
  permission: {
    names: ["Permission was refused", "letter", "ls -ld /"],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const letter = join(bench.folder, "letter");
      await writeFile(letter, "private", { mode: 0 });
      return (await bench.run(["agent", "-f", letter], { under: asNobody })).err;
    },
  },
  readOnly: {
    names: ["can only be read, not written", "NANOCLAW_HOME"],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const argv = ["service", "path", "--prefix", bench.home];
      return (await bench.run(argv, { under: onReadOnlyDisk(bench.home) })).err;
    },
  },
  tooManyFiles: {
    names: ["Too many files are open", "ulimit -n 4096"],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const under = ["sh", "-c", 'ulimit -n 20 && exec "$0" "$@"'];
      // It is the command that finds no room: the model reads why, and says it.
      return (await bench.run(["agent", "--model", "demo", "-m", "run: ls"], { under })).out;
    },
  },
  outOfMemory: {
    whyNot: "taking all memory would take it from others",
    names: ["no memory left", "free -h"],
    provoke: () => failWith("ENOMEM"),
  },
  inputClosed: {
    whyNot: "whose terminal is gone reads no sentence; it stands in the log of what started it",
    names: ["The terminal is gone", "-m"],
    provoke: () => failWith("EIO"),
  },
  folderGone: {
    // Compiled, Bun says it in words of its own before a line of ours runs.
    names: isCompiled
      ? ["working directory was deleted", "cd into a different directory"]
      : ["The folder you stand in does not exist any more", "cd ~"],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const under = ["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"'];
      return (await bench.run(["agent", "-f", "x"], { under })).err;
    },
  },
  bug: {
    whyNot: "none is known",
    names: ["bug", "--logs"],
    provoke: () => toSaid(explain(new Error("x"))).replace("this is a bug in NanoClaw", "bug"),
  },
} satisfies Record<keyof Failures["system"], Provocation>);

describe("standard input", () => {
  test("that is closed is no message, and it says how to give one", async () => {
    await using bench = await ProgramBench.open();
    const under = ["sh", "-c", 'exec "$0" "$@" <&-'];
    const ran = await bench.run(["agent"], { under });
    expect(ran.err).toContain('Say something: nanoclaw agent -m "Hello"');
    expect(ran.code).toBe(2);
  });
});
