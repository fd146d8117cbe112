import { failure, plain, type Situation } from "./case.ts";

const shellWords = (text: string, hint: string) => ({ message: text, hint });

/** Before it runs at all, and what was typed. */
export const start: readonly Situation[] = [
  {
    id: "setting-up",
    title: { en: "Setting it up", zh: "安装" },
    cases: [
      plain(
        "setup.no-node",
        {
          en: shellWords(
            "setup: Node is not installed.",
            "Install Node 22 or later from https://nodejs.org (it brings npm), then try again.",
          ),
          zh: shellWords(
            "setup: 没有安装 Node。",
            "请从 https://nodejs.org 安装 Node 22 或更新的版本（自带 npm），然后重试。",
          ),
        },
        {
          en: "npm brings NanoClaw's parts, among them Bun, which runs it. Node itself is used for nothing else.",
          zh: "NanoClaw 的组件（包括运行它的 Bun）由 npm 安装。Node 本身没有别的用途。",
        },
      ),
      plain(
        "setup.old-node",
        {
          en: shellWords(
            "setup: Node v18.20.0 is too old: 20 or later is needed.",
            "Install Node 22 or later from https://nodejs.org (it brings npm), then try again.",
          ),
          zh: shellWords(
            "setup: Node v18.20.0 太旧：需要 20 或更新的版本。",
            "请从 https://nodejs.org 安装 Node 22 或更新的版本（自带 npm），然后重试。",
          ),
        },
        {
          en: "Distributions often ship an old Node.",
          zh: "发行版自带的 Node 往往比较旧。",
        },
      ),
      plain(
        "setup.no-npm",
        {
          en: shellWords(
            "setup: npm is not installed.",
            "Install Node 22 or later from https://nodejs.org (it brings npm), then try again.",
          ),
          zh: shellWords(
            "setup: 没有安装 npm。",
            "请从 https://nodejs.org 安装 Node 22 或更新的版本（自带 npm），然后重试。",
          ),
        },
        {
          en: "Some distributions package npm apart from Node.",
          zh: "有些发行版把 npm 和 Node 分开打包。",
        },
      ),
      plain(
        "setup.old-npm",
        {
          en: shellWords(
            "setup: npm 8.19.4 is too old: 9 or later is needed.",
            "Run:\n  npm install -g npm@11",
          ),
          zh: shellWords(
            "setup: npm 8.19.4 太旧：需要 9 或更新的版本。",
            "请执行：\n  npm install -g npm@11",
          ),
        },
        {
          en: "An older npm does not understand the lockfile in full.",
          zh: "更旧的 npm 不能完整理解锁定文件。",
        },
      ),
      plain(
        "setup.no-network",
        {
          en: shellWords(
            "setup: the npm registry could not be reached.",
            "Check the network (or the proxy), then try again.",
          ),
          zh: shellWords("setup: 无法连接 npm 软件源。", "请检查网络（或代理），然后重试。"),
        },
        {
          en: "The first start fetches packages; later ones need no registry.",
          zh: "第一次启动要下载软件包；以后不再需要软件源。",
        },
      ),
      plain(
        "setup.not-writable",
        {
          en: shellWords(
            "setup: cannot write to /opt/nanoclaw.",
            "Give yourself the right to, or copy the project to a folder of yours.",
          ),
          zh: shellWords(
            "setup: 无法写入 /opt/nanoclaw。",
            "请给自己写入权限，或者把项目复制到自己的文件夹。",
          ),
        },
        {
          en: "Packages go into the project's own folder, which belongs to somebody else.",
          zh: "软件包装在项目自己的文件夹里，而它属于别人。",
        },
      ),
      plain(
        "setup.no-binary",
        {
          en: shellWords(
            "setup: there is no Bun binary for this machine (Linux riscv64).",
            "It runs on Linux and macOS, x86-64 and ARM 64.",
          ),
          zh: shellWords(
            "setup: 没有适合这台机器（Linux riscv64）的 Bun 程序。",
            "它支持 Linux 和 macOS，x86-64 和 ARM 64。",
          ),
        },
        {
          en: "Each of Bun's builds was tried, the one for older processors too, and none ran.",
          zh: "Bun 的每个版本都试过了，包括面向旧处理器的版本，没有一个能运行。",
        },
      ),
      plain(
        "start.illegal-instruction",
        {
          en: shellWords(
            "Illegal instruction",
            "Run it from source: setup then takes Bun's build for older processors (baseline) by itself.\n  npm start",
          ),
          zh: shellWords(
            "Illegal instruction（非法指令）",
            "请从源码运行：安装程序会自动选用 Bun 面向旧处理器的版本（baseline）。\n  npm start",
          ),
        },
        {
          en: "The executable was built for processors with AVX2, which this one, or its virtual machine, does not have.",
          zh: "可执行文件是为带 AVX2 的处理器构建的，而这台机器（或虚拟机）没有。",
        },
      ),
      plain(
        "start.command-not-found",
        {
          en: shellWords("nanoclaw: command not found", "From the project's folder:\n  npm run link"),
          zh: shellWords(
            "nanoclaw: command not found（找不到命令）",
            "请在项目文件夹中执行：\n  npm run link",
          ),
        },
        {
          en: "The program is not in a folder of your PATH.",
          zh: "程序不在 PATH 中的任何文件夹里。",
        },
      ),
      plain(
        "start.plain-terminal",
        {
          en: shellWords(
            "The prompt has no colours and no line editing",
            "Set TERM to what your terminal is, for example:\n  export TERM=xterm-256color",
          ),
          zh: shellWords(
            "对话中没有颜色，也不能编辑输入行",
            "请把 TERM 设为您的终端类型，例如：\n  export TERM=xterm-256color",
          ),
        },
        {
          en: "TERM is dumb or the output is no terminal; then everything is plain lines. NO_COLOR takes the colours only.",
          zh: "TERM 是 dumb，或者输出不是终端，这时只用普通的行。NO_COLOR 只去掉颜色。",
        },
      ),
    ],
  },
  {
    id: "typing",
    title: { en: "What was typed", zh: "输入的命令" },
    cases: [
      failure(
        "usage",
        "unknownCommand",
        { name: "stauts", below: "", nearest: "status", known: ["agent", "onboard", "status"] },
        { en: "There is no command of that name.", zh: "没有这个名称的命令。" },
      ),
      failure(
        "usage",
        "unknownFlag",
        { flag: "--modle", nearest: "--model" },
        { en: "This command has no such flag.", zh: "这个命令没有这样的选项。" },
      ),
      failure(
        "usage",
        "flagTakesNoValue",
        { flag: "--json" },
        { en: "It is a switch.", zh: "它只是一个开关。" },
      ),
      failure(
        "usage",
        "flagNeedsValue",
        { flag: "-m", value: "TEXT" },
        { en: "Nothing stands behind it.", zh: "它后面没有内容。" },
      ),
      failure(
        "usage",
        "flagBeforeFlag",
        { flag: "--model", value: "MODEL", next: "--json" },
        { en: "Another flag stands where its value should.", zh: "应写值的位置上是另一个选项。" },
      ),
      failure(
        "usage",
        "flagTwice",
        { flag: "--message" },
        { en: "Only one can be meant.", zh: "只能有一个。" },
      ),
      failure(
        "usage",
        "flagEmpty",
        { flag: "--group" },
        {
          en: "Its value is the empty text, often from a variable that is not set.",
          zh: "它的值是空的，往往是因为变量没有设置。",
        },
      ),
      failure(
        "usage",
        "usageBy",
        { word: "modle", nearest: "model", known: ["group", "model", "task", "day"] },
        { en: "Sums are kept for those four only.", zh: "只能按这四种方式统计。" },
      ),
      failure(
        "usage",
        "wordMissing",
        { word: "NAME" },
        { en: "The command needs that word.", zh: "这个命令需要这个词。" },
      ),
      failure(
        "usage",
        "wordUnexpected",
        { word: "x" },
        {
          en: "The command takes no more words. A value with spaces needs quotation marks.",
          zh: "这个命令不接受更多的词。带空格的值需要加引号。",
        },
      ),
      failure(
        "usage",
        "needsSubcommand",
        { command: "groups", known: ["list", "show", "add"] },
        { en: "That name stands for several commands.", zh: "这个名称下有多个命令。" },
      ),
      failure("usage", "jsonNeedsMessage", undefined, {
        en: "Events are printed for one question; the prompt is for people.",
        zh: "事件只为一次提问输出；交互对话是给人用的。",
      }),
      failure("usage", "messageEmpty", undefined, {
        en: "Nothing was said, and nothing came on standard input.",
        zh: "没有说任何话，标准输入也没有内容。",
      }),
      failure("usage", "messageTooLarge", undefined, {
        en: "A model could not read that much at once.",
        zh: "模型一次读不了这么多。",
      }),
      failure(
        "usage",
        "notText",
        { name: "photo.jpg" },
        {
          en: "There is a zero byte in it: it is a picture, an archive or a program.",
          zh: "里面有零字节：它是图片、压缩包或程序。",
        },
      ),
      failure(
        "usage",
        "fileMissing",
        { path: "notes.txt" },
        { en: "The path is relative to the folder you stand in.", zh: "路径是相对于当前文件夹的。" },
      ),
      failure(
        "usage",
        "fileIsFolder",
        { path: "papers" },
        { en: "A message comes from a file.", zh: "消息只能来自文件。" },
      ),
      failure("usage", "pictureAlone", undefined, {
        en: "A picture alone asks nothing.",
        zh: "只有图片，没有问题。",
      }),
      failure(
        "usage",
        "pictureTooLarge",
        { path: "photo.jpg", megabytes: 5 },
        { en: "Providers refuse larger ones.", zh: "服务商不接受更大的图片。" },
      ),
      failure(
        "usage",
        "notAPicture",
        { path: "photo.tiff" },
        {
          en: "Its content is of another kind, whatever its name says.",
          zh: "不管名称如何，它的内容是别的格式。",
        },
      ),
      failure(
        "usage",
        "unknownThinking",
        { text: "hard" },
        { en: "Only these words and numbers are known.", zh: "只认得这些词和数字。" },
      ),
      failure(
        "usage",
        "unknownGroup",
        { name: "famly", nearest: "family", known: ["main", "family"], isName: true },
        { en: "No group has that name.", zh: "没有这个名称的群组。" },
      ),
      failure(
        "usage",
        "groupName",
        { name: "a b" },
        { en: "The name is also the name of its folder.", zh: "群组名称同时也是文件夹名称。" },
      ),
      failure(
        "usage",
        "groupTaken",
        { name: "main" },
        { en: "Names differ by more than capital letters.", zh: "名称不能只有大小写不同。" },
      ),
    ],
  },
];
