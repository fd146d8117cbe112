import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const source = [process.execPath, "--no-env-file", "--config=/dev/null"];
const main = join(import.meta.dir, "../../src/main.ts");
/** The same program with a conversation that needs no model. */
const program = [...source, join(import.meta.dir, "../fakes/program.ts")];

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

async function run(command: readonly string[], stdin?: string): Promise<Ran> {
  await using child = Bun.spawn([...command], {
    cwd: folder,
    env: { PATH: Bun.env["PATH"] },
    stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}

/** Lets a shell arrange the pipes; `$@` is the program. */
async function runInShell(script: string): Promise<Ran> {
  return await run(["bash", "-c", script, "bash", ...program]);
}

describe("exit codes", () => {
  test.each([
    [["-m", "hi"], 0, "you said: hi\n", ""],
    [["agent", "-m", "fail"], 1, "half an ans\n", "nanoclaw: The connection was cut.\nTry again.\n"],
    [["statsu"], 2, "", 'nanoclaw: Unknown command "statsu". Did you mean status?\nKnown: '],
    [["agent", "--jsno"], 2, "", 'nanoclaw: Unknown flag "--jsno". Did you mean --json?\n'],
    [["-m", ""], 2, "", "nanoclaw: The message is empty.\n"],
    [[], 2, "", "nanoclaw: The message is empty.\n"],
    [["-m", "hi", "--model", "none"], 1, "", "nanoclaw: No API key is set.\nSet ANTHROPIC_API_KEY.\n"],
    [["-m", "bug"], 1, "", "nanoclaw: Something went wrong that should not have"],
  ])("%j ends with %d", async (argv, code, out, err) => {
    const ran = await run([...program, ...argv]);
    expect([ran.code, ran.out]).toEqual([code, out]);
    expect(ran.err).toStartWith(err);
  });

  test("the stack of a bug is shown to those who ask for it, and to nobody else", async () => {
    expect((await run([...program, "-m", "bug"])).err).not.toContain("conversation.ts");
    expect((await run([...program, "--logs", "-m", "bug"])).err).toContain("conversation.ts");
  });

  test("the program itself, without anything around it, knows its version", async () => {
    expect(await run([...source, main, "--version"])).toMatchObject({ code: 0, err: "" });
  });
});

describe("pipes", () => {
  test("a reader that leaves early ends the turn without a word", async () => {
    const ran = await runInShell('"$@" --json -m long | head -c 1; echo " ${PIPESTATUS[0]}"');
    expect(ran).toMatchObject({ out: "{ 0\n", err: "" });
  });

  test("a full disk is an error that says so", async () => {
    const ran = await runInShell('"$@" -m hi > /dev/full');
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("The disk is full");
  });

  test("a closed standard error harms nothing", async () => {
    expect(await runInShell('"$@" -m "tool x" 2>&-')).toMatchObject({ out: "ran it: x\n", code: 0 });
  });

  test("a closed standard input is none", async () => {
    expect(await runInShell('"$@" -m hi <&-')).toMatchObject({ out: "you said: hi\n", code: 0 });
  });

  test("a slow writer is waited for", async () => {
    const ran = await runInShell('{ sleep 0.3; echo late; } | "$@" -m "sum up"');
    expect(ran.out).toContain("\nlate\n");
  });

  test("100,000 lines of the answer arrive whole", async () => {
    const ran = await runInShell('"$@" -m long | wc -l');
    expect(ran.out.trim()).toBe("100000");
  });

  test("all of standard input is one message", async () => {
    expect((await run(program, "a\nb\n")).out).toBe("you said: a\nb\n");
  });
});

describe("signals", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s ends a turn within a second with %d, leaving no process", async (signal, code) => {
    await using child = Bun.spawn([...program, "--json", "-m", "slow work"], {
      cwd: folder,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const reader = child.stdout.getReader();
    await reader.read();
    const startedAt = performance.now();
    child.kill(signal);
    expect(await child.exited).toBe(code);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(await child.stderr.text()).toBe("");
  });

  test("waiting for standard input can be interrupted too", async () => {
    await using child = Bun.spawn([...program], {
      cwd: folder,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    // It says that it waits, so it listens.
    await child.stderr.getReader().read();
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
  });
});

test("the folder's .env is not ours", async () => {
  await writeFile(join(folder, ".env"), "NANOCLAW_DEBUG=1\n");
  expect((await run([...program, "-m", "bug"])).err).not.toContain("conversation.ts");
  await rm(join(folder, ".env"));
});
