import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSecrets } from "../../src/secrets.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nanoclaw-first-screen-"));
});
afterAll(() => rmSync(root, { recursive: true }));

interface Session {
  readonly home: string;
  readonly screen: string;
  readonly exitCode: number;
}

/** Runs the first screen in a real pseudo-terminal; types each answer when its question stands on the screen. */
async function talk(answers: readonly (readonly [question: string, keys: string])[]): Promise<Session> {
  const home = join(mkdtempSync(join(root, "x-")), "home");
  const decoder = new TextDecoder();
  const waiting = [...answers];
  let screen = "";
  let seen = 0;
  const child = Bun.spawn(
    [process.execPath, "--no-env-file", join(import.meta.dir, "../fakes/first-screen-program.ts")],
    {
      env: { NANOCLAW_HOME: home, PATH: process.env["PATH"], TERM: "xterm" },
      timeout: 20_000,
      terminal: {
        data(terminal, bytes) {
          screen += decoder.decode(bytes, { stream: true });
          const next = waiting[0];
          const at = next === undefined ? -1 : screen.indexOf(next[0], seen);
          if (next === undefined || at === -1) return;
          seen = at + next[0].length;
          waiting.shift();
          terminal.write(next[1]);
        },
      },
    },
  );
  const exitCode = await child.exited;
  child.terminal?.close();
  return { home, screen, exitCode };
}

test("a key that is pasted at a real terminal is kept and never shown", async () => {
  const { home, screen, exitCode } = await talk([
    ["Choose 1–3 [1]: ", "2\r"],
    ["not shown): ", "sk-ant-hunter2-0123456789\r"],
  ]);
  expect(screen).toContain("from Anthropic answers");
  expect(exitCode).toBe(0);
  expect(screen).not.toContain("hunter2");
  const file = join(home, "secrets.json");
  expect((await readSecrets(file)).get("ANTHROPIC_API_KEY")?.open()).toBe("sk-ant-hunter2-0123456789");
  expect(readFileSync(file, "utf8")).not.toContain("hunter2");
});

test("Ctrl-C at a real terminal leaves cleanly and keeps nothing", async () => {
  const { home, screen, exitCode } = await talk([["Choose 1–3 [1]: ", "\u0003"]]);
  expect(exitCode).toBe(1);
  expect(screen).toContain("Nothing was changed.");
  expect(existsSync(join(home, "secrets.json"))).toBe(false);
});
