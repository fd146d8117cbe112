import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblem } from "../../src/commands/problem.ts";
import { configWords } from "../../src/words/english/config.ts";
import { homeWords } from "../../src/words/english/home.ts";
import { createFakeIo } from "../fakes/command-io.ts";
import { program } from "../fakes/program-bench.ts";
import { PseudoTerminal } from "../fakes/pseudo-terminal.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "language-"));
});
afterAll(() => rm(folder, { recursive: true }));

const chinese = { LANG: "zh_CN.UTF-8" };
const fake = join(import.meta.dir, "../fakes/program.ts");

test("a first start in Chinese: where the model comes from, the prompt, its help, and leaving", async () => {
  const env = {
    ...chinese,
    HOME: folder,
    NANOCLAW_HOME: join(folder, "home"),
    NANOCLAW_LOCAL_SERVERS__DISCOVER: "false",
  };
  await using terminal = new PseudoTerminal(program, { cwd: "/", env });
  await terminal.waitFor("请选择 1–3 [1]：");
  terminal.type("3\r");
  await terminal.waitFor("✓ 现在由内置演示回答。它不是语言模型。");
  await terminal.waitForPrompt();
  terminal.type("/help\r");
  await terminal.waitFor("退出（Ctrl-D 也可以）");
  await terminal.waitForPrompt();
  terminal.type("/hepl\r");
  await terminal.waitFor("未知的命令 /hepl。是不是想输入 /help？");
  await terminal.waitForPrompt();
  terminal.type("/model nosuch/model\r");
  await terminal.waitFor("没有可用于模型 nosuch/model 的 API 密钥。");
  await terminal.waitForPrompt();
  terminal.type("/quit\r");
  expect(await terminal.process.exited).toBe(0);
}, 20_000);

test("the question about a folder is asked in Chinese, and the letters stay", async () => {
  const command = [process.execPath, "--no-env-file", "--config=/dev/null", fake];
  const env = { ...chinese, FAKE_ASK: "1", FAKE_HISTORY: join(folder, "history") };
  await using terminal = new PseudoTerminal(command, { cwd: folder, env });
  await terminal.waitFor("允许助手查看这个文件夹吗？");
  await terminal.waitFor("[r] 只读 · [w] 可写 · [n] 不允许");
  terminal.type("r");
  await terminal.waitForPrompt();
});

describe("what went wrong, on a terminal", () => {
  const facts = { path: "/home/anna/.nanoclaw", uid: 0, ourUid: 1000 };

  test.each([{}, chinese])("in %j, keeps to its width, but for what is to be typed", async (env) => {
    for (const columns of [24, 40, 80]) {
      const text = await formatProblem(
        homeWords.ofAnother(facts),
        createFakeIo({ env, isTerminal: true, columns }),
      );
      const lines = Bun.stripANSI(text).trimEnd().split("\n");
      expect(lines.at(-1)).toBe("  chown -R 1000 /home/anna/.nanoclaw");
      for (const line of lines.slice(0, -1)) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.slice(0, -1).join("").replaceAll(" ", "")).toContain(
        env === chinese ? "属于另一个用户" : "belongstoanother",
      );
    }
  });

  test("has colour there and nowhere else", async () => {
    const problem = homeWords.ofAnother(facts);
    const colored = await formatProblem(problem, createFakeIo({ isTerminal: true }));
    expect(colored).toContain("\u001b[31mnanoclaw:");
    expect(colored).toContain("\u001b[1m  chown");
    for (const options of [
      {},
      { isTerminal: true, env: { NO_COLOR: "1" } },
      { isTerminal: true, env: { TERM: "dumb" } },
    ]) {
      expect(await formatProblem(problem, createFakeIo(options))).not.toContain("\u001b");
    }
  });

  test("a line of a file is neither broken nor taken for something to type", async () => {
    const problems = `config.json:3:5: unknown key\n   3 | ${"x".repeat(90)}\n     |   ^^`;
    const problem = configWords.invalid({ problems, count: 1 });
    const text = await formatProblem(problem, createFakeIo({ isTerminal: true, columns: 40 }));
    expect(text).toContain(`\n   3 | ${"x".repeat(90)}\n     |   ^^\n`);
  });
});
