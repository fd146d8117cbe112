import type { Sentence } from "../../src/words/define-words.ts";
import type { Both, Case, Situation } from "./case.ts";
import { channels } from "./channels.ts";
import { email } from "./email.ts";
import { gateway } from "./gateway.ts";
import { group } from "./group.ts";
import { machine } from "./machine.ts";
import { people } from "./people.ts";
import { notices } from "./notices.ts";
import { outside } from "./outside.ts";
import { tasks } from "./tasks.ts";
import { model } from "./model.ts";
import { prompt } from "./prompt.ts";
import { start } from "./start.ts";
import { upkeep } from "./upkeep.ts";

export const situations: readonly Situation[] = [
  ...start,
  ...prompt,
  ...model,
  ...gateway,
  ...group,
  ...tasks,
  ...people,
  ...notices,
  ...channels,
  email,
  ...machine,
  ...outside,
  ...upkeep,
];

/** The pages, by their path in the project. */
export function writePages(): Readonly<Record<string, string>> {
  return {
    "docs/troubleshooting.md": toPage("en", { path: "zh-CN/troubleshooting.md", name: "简体中文" }),
    "docs/zh-CN/troubleshooting.md": toPage("zh", { path: "../troubleshooting.md", name: "English" }),
  };
}

const words: Both<{
  readonly title: string;
  readonly intro: string;
  readonly why: string;
  readonly fix: string;
}> = {
  en: {
    title: "Troubleshooting",
    intro:
      "What NanoClaw says when something is in its way, why it says so, and what to do. Find the sentence you saw; names, paths and numbers in it are examples. Run `nanoclaw status` to see what is set up, and add `--logs` to any question to see what happens.",
    why: "Why",
    fix: "What to do",
  },
  zh: {
    title: "疑难解答",
    intro:
      "NanoClaw 遇到障碍时说什么、为什么这样说、该怎么办。请找到您看到的那句话；其中的名称、路径和数字都是示例。运行 `nanoclaw status` 查看当前设置；在任何提问后加上 `--logs` 查看发生了什么。",
    why: "原因",
    fix: "怎么办",
  },
};

function toPage(
  language: keyof Both<unknown>,
  other: { readonly path: string; readonly name: string },
): string {
  const { title, intro } = words[language];
  const contents = situations.map(
    (situation) =>
      `- [${situation.title[language]}](#${situation.id})\n${situation.cases
        .map((each) => `  - [${escape(toTitle(each.said[language]))}](#${each.id})`)
        .join("\n")}`,
  );
  const chapters = situations.map(
    (situation) =>
      `<a id="${situation.id}"></a>\n\n## ${situation.title[language]}\n\n${situation.cases
        .map((each) => toEntry(each, language))
        .join("\n\n")}`,
  );
  return [
    "<!-- Written by `npm run fix` from src/words and scripts/troubleshooting: change it there. -->",
    `# ${title}`,
    `[${other.name}](${other.path})`,
    intro,
    contents.join("\n"),
    ...chapters,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function toEntry({ id, said, cause }: Case, language: keyof Both<unknown>): string {
  const { why, fix } = words[language];
  const { message, hint } = said[language];
  return [
    `<a id="${id}"></a>`,
    `### ${escape(toTitle(said[language]))}`,
    ...(message.includes("\n") ? [toCode(message)] : []),
    `**${why}:** ${escape(cause[language])}`,
    ...(hint === undefined ? [] : toAdvice(hint, fix)),
  ].join("\n\n");
}

function toTitle({ message }: Sentence): string {
  return message.split("\n")[0] ?? "";
}

/** What is to be typed stands by itself. */
function toAdvice(hint: string, title: string): readonly string[] {
  const lines = hint.split("\n");
  const typed = lines.filter((line) => line.startsWith("  ")).map((line) => line.trim());
  const advice = lines.filter((line) => !line.startsWith("  ")).join(" ");
  return [`**${title}:** ${escape(advice)}`, ...(typed.length === 0 ? [] : [toCode(typed.join("\n"))])];
}

function toCode(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function escape(text: string): string {
  return text.replace(/[\\*_<>[\]`#|~]/g, "\\$&");
}
