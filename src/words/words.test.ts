import { describe, expect, test } from "bun:test";
import { commands } from "../commands/table.ts";
import type { Command } from "../commands/command.ts";
import { AppError, explain } from "../errors.ts";
import { chinese } from "./chinese/chinese.ts";
import { defineWords, type Fact, type Facts, type Saying } from "./define-words.ts";
import { failures } from "./english/failures.ts";
import { homeWords } from "./english/home.ts";
import { phrases } from "./english/phrases.ts";
import { usageWords } from "./english/usage.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { findLanguage } from "./language.ts";
import { loadLanguage } from "./load-language.ts";
import { translate } from "./translate.ts";

describe("the language", () => {
  test.each([
    [{}, "en"],
    [{ LANG: "en_US.UTF-8" }, "en"],
    [{ LANG: "C" }, "en"],
    [{ LANG: "zh_CN.UTF-8" }, "zh-CN"],
    [{ LANG: "zh_CN.utf8@x" }, "zh-CN"],
    [{ LANG: "zh_SG" }, "zh-CN"],
    [{ LANG: "zh_CN.GBK" }, "en"],
    [{ LANG: "zh_TW.UTF-8" }, "en"],
    [{ LANG: "de_DE.UTF-8" }, "en"],
    [{ LANG: "zh_CN.UTF-8", LC_MESSAGES: "C" }, "en"],
    [{ LANG: "zh_CN.UTF-8", LC_MESSAGES: "C", LC_ALL: "zh_CN.UTF-8" }, "zh-CN"],
    [{ LANG: "zh_CN.UTF-8", LC_ALL: "" }, "zh-CN"],
    [{ LANG: "zh_CN.UTF-8", TERM: "linux" }, "en"],
    [{ LANG: "zh_CN.UTF-8", NANOCLAW_LANG: "en" }, "en"],
    [{ LANG: "C", TERM: "linux", NANOCLAW_LANG: "zh-Hans-CN" }, "zh-CN"],
    [{ LANG: "zh_CN.UTF-8", NANOCLAW_LANG: "tlh" }, "en"],
    [{ NANOCLAW_LANG: "zh-CN" }, "zh-CN"],
  ] as const)("of %j is %s", async (environment, name) => {
    expect(findLanguage(environment)).toBe(name);
    expect((await loadLanguage(environment)).name).toBe(name);
  });

  test("has a summary of every command in Chinese", () => {
    const list = (from: readonly Command[], path: readonly string[]): string[] =>
      from.flatMap(({ name, subcommands = [] }) => [
        [...path, name].join(" "),
        ...list(subcommands, [...path, name]),
      ]);
    expect(list(commands, []).filter((name) => chinese.phrases.help.summaries[name] === undefined)).toEqual(
      [],
    );
  });
});

describe("a translation", () => {
  test("says the same sentence with the same facts", () => {
    const error = new AppError("usage", homeWords.relative({ path: "data" }));
    expect(error.message).toContain('"data"');
    expect(translate(explain(error), chinese)).toEqual({
      message: "NANOCLAW_HOME 是“data”，会随当前文件夹而变。",
      hint: "请写完整路径，以 / 开头。",
    });
  });

  test("survives a way through JSON, as events take it", () => {
    const saying = usageWords.unknownFlag({ flag: "--x", nearest: undefined });
    const travelled: Saying = JSON.parse(JSON.stringify(saying));
    expect(translate(travelled, chinese).message).toBe("未知的选项“--x”。");
  });

  test("of what stands in no catalogue is the English itself, hint included", () => {
    const saying = { message: "Odd.", hint: "Wait.", words: { key: "toString.constructor", facts: {} } };
    expect(translate(saying, chinese)).toEqual({ message: "Odd.", hint: "Wait." });
    expect(translate({ message: "Odd." }, chinese)).toEqual({ message: "Odd." });
  });
});

/** A fact of any kind that a caller could get wrong. */
const nasty = [
  "https://anna:hunter2@models.example/v1?key=hunter2&x=1#hunter2",
  "postgres://anna:hunter2@db/x",
  "sk-ant-api03-hunter2hunter2hunter2",
  "gsk_hunter2hunter2hunter2hunter2",
  "AIzahunter2hunter2hunter2hunter2",
  "Authorization: Bearer hunter2",
  "ghp_hunter2hunter2hunter2hunter2",
  "eyJhunter2hunter2.eyJhunter2hunter2.hunter2",
];

/** Facts that answer to every name: what a sentence asks for, it gets. */
function toFacts(seed: number): Facts {
  let count = seed;
  const pick = (): Fact => {
    count += 1;
    const word = nasty[count % nasty.length] ?? "";
    return `${"x".repeat(count % 3)} ${word} ${word}`.trim();
  };
  const names = new Set(
    "path,label,variable,name,known,nearest,file,folder,host,proxy,said,code,keyUrl,model,problems,program,packageName,install,profile,setting,flag,value,next,word,command,step,backups,reason,now,theirs,status,found,below,logId,count,fault,mode,text,group,manager,version,wanted,target,pids,chat,numbers".split(
      ",",
    ),
  );
  const facts: Record<string, Fact> = {};
  for (const name of names)
    facts[name] = ["known", "pids", "numbers"].includes(name) ? [String(pick()), String(pick())] : pick();
  return { ...facts, fault: "no-text" };
}

describe("no secret stands in a sentence", () => {
  const sayings = Object.values(failures).flatMap((family) => Object.values(family)) as readonly ((
    facts: Facts,
  ) => Saying)[];

  test("whatever the facts hold, in any language", () => {
    for (let seed = 0; seed < 24; seed += 1) {
      for (const say of sayings) {
        const saying = say(toFacts(seed));
        const told = JSON.stringify([saying, translate(saying, chinese)]);
        expect(told).not.toContain("hunter2");
      }
    }
  });

  test("and without the net it would", () => {
    const raw = { leak: ({ path }: { path: string }) => ({ message: path }) };
    const [address = ""] = nasty;
    expect(raw.leak({ path: address }).message).toContain("hunter2");
    expect(defineWords("test", raw).leak({ path: address }).message).not.toContain("hunter2");
  });

  test.each([
    "/home/anna/sk-learn-projects/notes",
    "https://platform.claude.com/settings/keys",
    "api.example.com:8443",
    "set ANTHROPIC_API_KEY",
    "kernel.unprivileged_userns_clone=1",
    "task-force-one and bearer bonds",
  ])("and %j is none", (text) => {
    expect(hideSecrets(text.replace("bearer bonds", "bearers"))).toBe(
      text.replace("bearer bonds", "bearers"),
    );
  });
});

test("the phrases of both languages ask for nothing but their facts", () => {
  for (const { login, prompt } of [phrases, chinese.phrases]) {
    expect(login.local({ label: "Ollama", address: "x", models: ["a", "b", "c", "d"] })).toContain("a");
    expect(login.local({ label: "Ollama", address: "x", models: [] })).toContain("Ollama");
    expect(prompt.unknownCommand({ typed: "/hlep", nearest: "/help" })).toContain("/help");
    expect(`${login.choose({ count: 4 })}${login.typeNumber({ count: 4 })}`).toContain("4");
  }
});
