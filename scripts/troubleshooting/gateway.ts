import { failure, type Situation } from "./case.ts";

/** What serves the chats. */
export const gateway: readonly Situation[] = [
  {
    id: "gateway",
    title: { en: "The gateway and its messages", zh: "网关和消息" },
    cases: [
      failure(
        "gateway",
        "runsAlready",
        { pid: 4711, folder: "/home/anna/.nanoclaw" },
        {
          en: "Two gateways of one folder would answer everything twice.",
          zh: "同一文件夹的两个网关会把每条消息回答两遍。",
        },
      ),
      failure(
        "gateway",
        "portTaken",
        { host: "127.0.0.1", port: 18790 },
        { en: "Another program listens there.", zh: "另一个程序正在那里监听。" },
      ),
      failure(
        "gateway",
        "cannotListen",
        { host: "10.9.8.7", port: 18790 },
        {
          en: "The address belongs to another machine, or the port to the system.",
          zh: "这个地址属于别的机器，或者端口归系统所有。",
        },
      ),
      failure(
        "audit",
        "notAHead",
        { text: "1234" },
        {
          en: "An end of the log is the number of its last row and the beginning of that row's hash.",
          zh: "日志的末尾由最后一行的行号和它的哈希开头组成。",
        },
      ),
      failure(
        "audit",
        "notASince",
        { text: "yesterday" },
        { en: "Times are written in numbers.", zh: "时间用数字写。" },
      ),
      failure(
        "limit",
        "groupBudget",
        { group: "family", spent: "$20.03", limit: "$20.00", key: "groupDollarsPerDay" },
        {
          en: "What one group may cost in a day is limited, so that nobody in it can spend all of yours.",
          zh: "每个群组每天的花费有上限，免得有人把您的额度用光。",
        },
      ),
      failure(
        "limit",
        "sharedBudget",
        { spent: "$35.00", limit: "$35.00", key: "dollarsPerDay" },
        {
          en: "Main keeps a part of the day's budget for itself: you can still ask there.",
          zh: "main 为自己保留了一部分当天的额度：在那里还可以提问。",
        },
      ),
      failure(
        "limit",
        "dayBudget",
        { spent: "100,012,345 tokens", limit: "100,000,000 tokens", key: "tokensPerDay" },
        {
          en: "All groups together reached what a day may cost. Models without a price, in limits.prices or in our table of listed prices, are counted in tokens.",
          zh: "所有群组加起来达到了一天的上限。在 limits.prices 和内置价格表里都没有价格的模型按词元计算。",
        },
      ),
      failure(
        "gateway",
        "noMessage",
        { id: "99" },
        { en: "No message has that number.", zh: "没有这个编号的消息。" },
      ),
      failure(
        "gateway",
        "notSetAside",
        { id: "12", state: "answered" },
        { en: "It waits, or has been answered.", zh: "它还在等待，或者已经得到回答。" },
      ),
      failure("gateway", "lost", undefined, {
        en: "It was stopped or has crashed while the prompt spoke through it.",
        zh: "对话正通过它进行时，它被停止或崩溃了。",
      }),
      failure("gateway", "silent", undefined, {
        en: "It took the connection and said nothing for five seconds: it hangs, or was halted.",
        zh: "它接受了连接，但五秒内没有任何回应：它卡住了，或者被暂停了。",
      }),
      failure("gateway", "endedInTurn", undefined, {
        en: "It was stopped or has crashed; the prompt goes on by itself.",
        zh: "网关被停止或崩溃了；对话会自行继续。",
      }),
      failure("gateway", "stoppedInTurn", undefined, {
        en: "It was told to end while it was at work for a prompt; what runs then has six seconds.",
        zh: "它正为对话工作时被要求停止；此时正在进行的工作有六秒时间。",
      }),
      failure(
        "gateway",
        "otherVersion",
        { ours: 1, theirs: 2 },
        {
          en: "The program was updated and the gateway still runs as it was.",
          zh: "程序已更新，而网关还在用旧版本运行。",
        },
      ),
    ],
  },
];
