import { failure, type Situation } from "./case.ts";

/** At the prompt, and plugins. */
export const prompt: readonly Situation[] = [
  {
    id: "prompt",
    title: { en: "At the prompt", zh: "在对话中" },
    cases: [
      failure(
        "prompt",
        "notHere",
        { command: "/export" },
        { en: "This kind of conversation does not offer it.", zh: "这种对话不提供这项功能。" },
      ),
      failure("prompt", "noLastMessage", undefined, {
        en: "Nothing was asked here yet, or it was summed up.",
        zh: "这里还没有提过问题，或者已被概括。",
      }),
      failure("prompt", "cannotEdit", undefined, {
        en: "The output is no terminal, or TERM is dumb.",
        zh: "输出不是终端，或者 TERM 是 dumb。",
      }),
      failure("prompt", "cannotLogIn", undefined, {
        en: "The output is no terminal, or TERM is dumb.",
        zh: "输出不是终端，或者 TERM 是 dumb。",
      }),
      failure(
        "prompt",
        "fileTooLarge",
        { path: "book.txt", kilobytes: 200 },
        { en: "An attached file is put into the message whole.", zh: "附上的文件会整个放进消息里。" },
      ),
      failure(
        "prompt",
        "fileIsFolder",
        { path: "papers" },
        { en: "Only files can be attached.", zh: "只能附上文件。" },
      ),
      failure(
        "prompt",
        "fileIsSpecial",
        { path: "pipe" },
        { en: "Reading it could wait for ever.", zh: "读取它可能会一直等下去。" },
      ),
      failure(
        "prompt",
        "fileUnreadable",
        { path: "letter" },
        {
          en: "It is read by the group's own user, who is not you.",
          zh: "读取它的是群组自己的用户，不是您。",
        },
      ),
      failure(
        "prompt",
        "fileNotText",
        { path: "photo.raw" },
        { en: "There is a zero byte in it.", zh: "里面有零字节。" },
      ),
      failure(
        "prompt",
        "unknownSession",
        { word: "tirp", nearest: "trip", known: ["trip"] },
        {
          en: "No conversation of this group has that name or number.",
          zh: "这个群组里没有这个名称或编号的对话。",
        },
      ),
      failure(
        "prompt",
        "sessionName",
        { name: "1" },
        {
          en: "A name that begins with a digit would be taken for a number.",
          zh: "以数字开头的名称会被当作编号。",
        },
      ),
      failure("prompt", "sessionNameMissing", undefined, {
        en: "Nothing stands behind it.",
        zh: "后面没有内容。",
      }),
      failure(
        "prompt",
        "sessionTaken",
        { name: "trip" },
        { en: "Another conversation of this group has that name.", zh: "这个群组里另一个对话用了这个名称。" },
      ),
      failure(
        "prompt",
        "sessionStays",
        { name: "trip" },
        { en: "It was opened by its name, with -s.", zh: "它是用 -s 按名称打开的。" },
      ),
      failure("prompt", "nothingToShorten", undefined, {
        en: "The conversation is short.",
        zh: "对话还很短。",
      }),
      failure(
        "prompt",
        "summaryIncomplete",
        { reason: "length" },
        { en: "The model stopped before its summary was whole.", zh: "模型没有把概括写完就停了。" },
      ),
      failure(
        "prompt",
        "atWork",
        { pid: 4711 },
        {
          en: "Another terminal is in the middle of a turn in this group.",
          zh: "另一个终端正在这个群组里进行一轮对话。",
        },
      ),
      failure("prompt", "nothingToExport", undefined, {
        en: "Nothing was said here yet.",
        zh: "这里还没有说过话。",
      }),
      failure(
        "prompt",
        "exportExists",
        { path: "trip.md" },
        {
          en: "A file of that name is not written over without a yes.",
          zh: "没有得到同意，不会覆盖同名文件。",
        },
      ),
      failure(
        "prompt",
        "exportBelowShared",
        { folder: "/home/anna/papers/out" },
        {
          en: "What the assistant can write it could swap for a link while we write.",
          zh: "助手能写入的位置，可能在我们写入时被换成链接。",
        },
      ),
      failure(
        "prompt",
        "notArchived",
        { path: "~/.nanoclaw/groups/main/conversations/2026-11-26-12.md", reason: "ENOSPC" },
        {
          en: "A conversation that ends is written to a file first; the disk is full, or the folder is not ours.",
          zh: "对话结束时会先写入文件；磁盘已满，或者文件夹不属于我们。",
        },
      ),
      failure(
        "prompt",
        "exportNoFolder",
        { folder: "/home/anna/trips" },
        { en: "Folders are not made by the way.", zh: "不会顺便创建文件夹。" },
      ),
      failure(
        "prompt",
        "exportIsFolder",
        { path: "/home/anna/trips" },
        { en: "A folder has that name.", zh: "那里是一个文件夹。" },
      ),
    ],
  },
  {
    id: "memory",
    title: { en: "Memory", zh: "记忆" },
    cases: [
      failure(
        "memory",
        "unknownNote",
        { number: 99 },
        { en: "It was forgotten, or belongs to another group.", zh: "它已被忘掉，或者属于别的群组。" },
      ),
      failure(
        "memory",
        "fileTooLong",
        { length: 9000, most: 8000 },
        { en: "All of it would go along with every conversation.", zh: "它的全部内容会随每次对话送出。" },
      ),
      failure(
        "memory",
        "noEditor",
        {},
        { en: "The environment names no editor.", zh: "环境变量里没有编辑器。" },
      ),
      failure("memory", "noText", undefined, {
        en: "It was called without a terminal and without anything to read, as by cron.",
        zh: "它在没有终端、也没有输入的情况下被调用，例如由 cron。",
      }),
      failure(
        "memory",
        "editorMissing",
        { editor: "nanoo" },
        { en: "The name is wrong, or it is not on the PATH.", zh: "名称不对，或者不在 PATH 中。" },
      ),
      failure(
        "memory",
        "editorFailed",
        { editor: "vi", code: 1 },
        { en: "It was left with an error, as vi is by :cq.", zh: "编辑器以错误退出，例如 vi 的 :cq。" },
      ),
    ],
  },
  {
    id: "undo",
    title: { en: "Undo", zh: "撤销" },
    cases: [
      failure(
        "undo",
        "noNumber",
        { number: "12" },
        {
          en: "It is of another group, or was the oldest and went when there were too many.",
          zh: "它属于别的群组，或者因为太多而删去了最早的。",
        },
      ),
      failure(
        "undo",
        "notATime",
        { text: "noon" },
        { en: "Only clock times and numbers are understood.", zh: "只认识钟点和编号。" },
      ),
      failure(
        "undo",
        "nothingSince",
        { text: "14:30" },
        { en: "No turn changed a file since then.", zh: "从那时起没有一轮改动过文件。" },
      ),
      failure(
        "undo",
        "notKept",
        { reason: "it holds more than 50,000 files" },
        {
          en: "There was too much of it to keep, or no room on the disk; you were told when it happened.",
          zh: "内容太多，或者磁盘空间不足；当时已经提示过。",
        },
      ),
      failure("undo", "damaged", undefined, {
        en: "Something removed or changed files below snapshots/ of the group.",
        zh: "有东西删除或改动了群组 snapshots/ 下的文件。",
      }),
      failure(
        "undo",
        "wantsYes",
        { summary: '2 files changed since 14:30 ("tidy up")' },
        { en: "It asks first, and here nobody can answer.", zh: "它会先询问，而这里没有人可以回答。" },
      ),
    ],
  },
  {
    id: "plugins",
    title: { en: "Plugins for more providers", zh: "连接更多服务商的插件" },
    cases: [
      failure(
        "plugin",
        "notAName",
        { text: "Google!" },
        { en: "Packages are called as npm calls them.", zh: "软件包使用 npm 上的名称。" },
      ),
      failure(
        "plugin",
        "notFetched",
        { name: "@ai-sdk/gogle", said: "404 Not Found" },
        {
          en: "The registry has no such package, or could not be reached.",
          zh: "软件源里没有这个软件包，或者无法连接。",
        },
      ),
      failure(
        "plugin",
        "otherBytes",
        { name: "baileys@7.0.0-rc14", said: "Integrity check failed for tarball: baileys" },
        {
          en: "What a channel needs is fetched by a list of packages with their hashes, which is part of the program. A registry or a proxy gave other bytes.",
          zh: "频道所需的软件包按程序内置的清单及其散列值获取。软件源或代理给出了别的内容。",
        },
      ),
      failure(
        "plugin",
        "notOneFile",
        { name: "@ai-sdk/odd" },
        {
          en: "A plugin is kept as one file, so that its hash says all of it.",
          zh: "插件保存为一个文件，用一个哈希值就能校验全部内容。",
        },
      ),
      failure(
        "plugin",
        "notLoadable",
        { name: "@ai-sdk/odd" },
        { en: "Its code failed when it was loaded.", zh: "加载它的代码时出错。" },
      ),
      failure(
        "plugin",
        "notInstalled",
        { name: "@ai-sdk/google" },
        {
          en: "The configuration names a package that was never added here.",
          zh: "配置中写的软件包没有在这里添加过。",
        },
      ),
      failure(
        "plugin",
        "changed",
        { name: "@ai-sdk/google", version: "3.0.0" },
        { en: "Its file is not the one whose hash was kept.", zh: "它的文件与保存的哈希值不符。" },
      ),
      failure(
        "plugin",
        "gone",
        { name: "@ai-sdk/google", version: "3.0.0", file: "/home/anna/.nanoclaw/plugins/google.js" },
        { en: "The file was removed.", zh: "文件已被删除。" },
      ),
      failure(
        "plugin",
        "notOurList",
        { path: "/home/anna/.nanoclaw/plugins/plugins.json" },
        { en: "Something else wrote into the list.", zh: "别的程序写了这个列表。" },
      ),
      failure(
        "plugin",
        "unknown",
        { name: "@ai-sdk/gogle", known: ["@ai-sdk/google"] },
        { en: "No plugin has that name.", zh: "没有这个名称的插件。" },
      ),
      failure(
        "plugin",
        "noPackage",
        { label: "mine", name: "mine" },
        { en: "A provider of the kind ai-sdk needs a package.", zh: "ai-sdk 类型的服务商需要一个软件包。" },
      ),
      failure(
        "plugin",
        "noFactory",
        { name: "@ai-sdk/odd", provider: "mine", known: ["createOne", "createTwo"] },
        {
          en: "The package offers several ways, or none with a usual name.",
          zh: "这个软件包提供了多种方式，或者没有常用名称的方式。",
        },
      ),
      failure(
        "plugin",
        "noModel",
        { name: "@ai-sdk/odd" },
        {
          en: "The package is for something else, or follows another version.",
          zh: "这个软件包是做别的用途的，或者遵循别的版本。",
        },
      ),
      failure(
        "plugin",
        "wantsSetting",
        { label: "Amazon Bedrock", provider: "bedrock", said: "AWS region setting is missing." },
        { en: "The package was asked without what it needs.", zh: "软件包缺少它所需的内容。" },
      ),
      failure(
        "plugin",
        "notAsked",
        { label: "Amazon Bedrock", said: "Invalid URL" },
        { en: "The package failed before any request was sent.", zh: "软件包在发出请求之前就出错了。" },
      ),
    ],
  },
];
