import { failure, type Situation } from "./case.ts";

const home = "/home/anna/.nanoclaw";
const path = "/media/stick/nanoclaw.tar";

/** Backups, the service, and what the doctor finds. */
export const upkeep: readonly Situation[] = [
  {
    id: "backup",
    title: { en: "Backups", zh: "备份" },
    cases: [
      failure(
        "backup",
        "exists",
        { path },
        { en: "A backup is never written over another.", zh: "备份从不覆盖另一个备份。" },
      ),
      failure(
        "backup",
        "insideGroup",
        { path: `${home}/groups/main/workspace/b.tar` },
        { en: "A sandbox reads that folder.", zh: "沙箱可以读取那个文件夹。" },
      ),
      failure(
        "backup",
        "needsSandbox",
        { reason: "bubblewrap is not installed." },
        {
          en: "An assistant could have put a link there that leads to a file of yours; inside the sandbox it leads nowhere.",
          zh: "助手可能在那里放了指向您文件的链接；在沙箱里，它哪里也到不了。",
        },
      ),
      failure(
        "backup",
        "filesFailed",
        { group: "main", said: "tar: write error: No space left on device" },
        { en: "The program that packs them gave up.", zh: "打包它们的程序放弃了。" },
      ),
      failure(
        "backup",
        "noFile",
        { path },
        { en: "The path is relative to the folder you stand in.", zh: "路径是相对于当前文件夹的。" },
      ),
      failure(
        "backup",
        "notOne",
        { path: "/home/anna/photos.tar" },
        { en: "It does not begin as a backup does.", zh: "它的开头与备份不同。" },
      ),
      failure(
        "backup",
        "newer",
        { path },
        { en: "Its format is one that this version does not know.", zh: "这个版本不认识它的格式。" },
      ),
      failure(
        "backup",
        "damaged",
        { path },
        {
          en: "Every part is compared with the sum that was written behind it, and one differs or is missing.",
          zh: "每一部分都与写在后面的校验和比较，有一个不同或缺失。",
        },
      ),
      failure(
        "backup",
        "unsafe",
        { path, name: "../.bashrc" },
        { en: "Such a name would lead out of the folder.", zh: "这样的名称会通向文件夹之外。" },
      ),
      failure(
        "backup",
        "noSpace",
        { neededMb: 900, freeMb: 120 },
        {
          en: "What is there stays until all of the backup was unpacked and checked.",
          zh: "在备份全部解开并检查之前，现有内容保留不动。",
        },
      ),
      failure(
        "backup",
        "inUse",
        { pid: 4711 },
        {
          en: "A gateway or a prompt would go on writing into what is put aside.",
          zh: "网关或对话会继续写入被移走的内容。",
        },
      ),
      failure(
        "backup",
        "wantsYes",
        { path, home },
        { en: "There is no terminal to ask at.", zh: "没有可以提问的终端。" },
      ),
      failure("store", "restoreUnfinished", undefined, {
        en: "The machine or the program ended in the middle of the last step of a restore.",
        zh: "在恢复的最后一步中，机器或程序中断了。",
      }),
    ],
  },
  {
    id: "service",
    title: { en: "The service", zh: "服务" },
    cases: [
      failure(
        "service",
        "refused",
        {
          command: "systemctl --user start nanoclaw.service",
          said: "Failed to connect to bus: No medium found",
        },
        {
          en: "The system's service manager said no. After su or sudo a person often has none of his own.",
          zh: "系统的服务管理器拒绝了。用 su 或 sudo 之后，往往没有自己的服务管理器。",
        },
      ),
      failure("service", "notInstalled", undefined, {
        en: "There is nothing yet that could be started or stopped.",
        zh: "还没有可以启动或停止的服务。",
      }),
      failure(
        "service",
        "foreignFile",
        { path: "/home/anna/.config/systemd/user/nanoclaw.service" },
        { en: "What others wrote is never written over.", zh: "别人写的文件从不覆盖。" },
      ),
      failure(
        "service",
        "endedAtOnce",
        { said: "nanoclaw: The port 18790 is taken." },
        { en: "What it said stands in logs/service.log too.", zh: "它说的话也在 logs/service.log 里。" },
      ),
      failure(
        "service",
        "startedByHand",
        { pid: 4711, next: "start" },
        {
          en: "Two gateways cannot serve one folder, and a service ends none that is not its own.",
          zh: "一个文件夹不能有两个网关，服务也不会结束不属于它的网关。",
        },
      ),
      failure(
        "usage",
        "unknownManager",
        { text: "runit", known: ["systemd", "launchd", "background"] },
        { en: "Only these are spoken to.", zh: "只支持这几个。" },
      ),
      failure(
        "usage",
        "noCount",
        { text: "many" },
        { en: "How many lines must be a whole number.", zh: "行数必须是整数。" },
      ),
      failure(
        "usage",
        "unknownLevel",
        { text: "loud", known: ["error", "warn", "info", "debug"] },
        { en: "A log knows four levels.", zh: "日志只有四个级别。" },
      ),
    ],
  },
  {
    id: "doctor",
    title: { en: "What the doctor finds", zh: "doctor 的发现" },
    cases: [
      failure(
        "doctor",
        "folderMissing",
        { path: home },
        { en: "Nothing was kept here so far.", zh: "到现在为止这里没有保存过内容。" },
      ),
      failure(
        "doctor",
        "modeOpen",
        { path: `${home}/backups/daily-2026-01-31.db`, mode: "644", wanted: "600" },
        {
          en: "It was copied or restored by a program that knows nothing of modes.",
          zh: "复制或恢复它的程序没有保留权限。",
        },
      ),
      failure("doctor", "noModel", undefined, {
        en: "There is no key, and no model server on this machine.",
        zh: "没有密钥，本机也没有模型服务器。",
      }),
      failure(
        "doctor",
        "auditBroken",
        { row: 17, reason: "It was changed." },
        {
          en: "Each row holds the hash of the one before it; a row that was changed or taken away breaks the chain.",
          zh: "每一行都含有前一行的哈希；修改或删除一行会打断这条链。",
        },
      ),
      failure(
        "doctor",
        "diskLow",
        { path: home, megabytes: 80 },
        { en: "Before it is full, new messages are refused.", zh: "写满之前，新消息会被拒绝。" },
      ),
      failure(
        "doctor",
        "clockBehind",
        { minutes: 90 },
        {
          en: "A clock without a battery begins anew at each start, and a dual boot may shift it by hours.",
          zh: "没有电池的时钟每次启动都会重置；双系统可能使它偏移几个小时。",
        },
      ),
      failure(
        "doctor",
        "staleLease",
        { group: "main", pid: 4711 },
        { en: "The program was killed while it worked.", zh: "程序在工作时被强行结束。" },
      ),
      failure(
        "doctor",
        "gatewayDown",
        { manager: "systemd" },
        {
          en: "It was stopped, or has ended so often that it is not started again.",
          zh: "它被停止了，或者结束次数太多，不再被启动。",
        },
      ),
      failure(
        "doctor",
        "gatewaySilent",
        { pid: 4711 },
        {
          en: "It is stopped by a signal, or at work on something that leaves it no time.",
          zh: "它被信号暂停，或正忙得没有时间响应。",
        },
      ),
      failure(
        "doctor",
        "staleGateway",
        { pid: 4711 },
        { en: "It was killed, or the machine lost its power.", zh: "它被强行结束，或者机器断电了。" },
      ),
      failure(
        "doctor",
        "staleFile",
        { path: `${home}/gateway.sock` },
        { en: "It was killed, or the machine lost its power.", zh: "它被强行结束，或者机器断电了。" },
      ),
      failure("doctor", "serviceMissing", undefined, {
        en: "It was started by hand in a terminal.",
        zh: "它是在终端里手工启动的。",
      }),
      failure(
        "doctor",
        "programOld",
        { program: "Node.js", version: "18.19.0", wanted: "20.0.0" },
        {
          en: "From source, it is built and set up with these.",
          zh: "从源代码运行时，需要用它们来构建和设置。",
        },
      ),
      failure("doctor", "notOnPath", undefined, {
        en: "It was started by its path, and is in no folder that the shell searches.",
        zh: "它是用路径启动的，不在 shell 搜索的任何文件夹里。",
      }),
      failure(
        "doctor",
        "danglingLink",
        { path: "/home/anna/.local/bin/nanoclaw", target: "/home/anna/old/nanoclaw" },
        { en: "The program was moved or removed.", zh: "程序被移动或删除了。" },
      ),
      failure(
        "doctor",
        "orphans",
        { pids: ["4711"] },
        {
          en: "Sandboxes die with the program; a machine that was frozen or a debugger may keep one.",
          zh: "沙箱会随程序一起结束；机器冻结或调试器可能会留下一个。",
        },
      ),
      failure(
        "doctor",
        "leftMount",
        { path: `${home}/groups/main/workspace` },
        { en: "Somebody mounted something there by hand.", zh: "有人手工在那里挂载了东西。" },
      ),
      failure(
        "doctor",
        "noBackup",
        { folder: `${home}/backups` },
        {
          en: "A gateway makes one every day; without one nobody does.",
          zh: "网关每天做一个备份；没有网关就没有。",
        },
      ),
      failure(
        "doctor",
        "backupOld",
        { days: 12 },
        { en: "No gateway has run since.", zh: "那之后没有网关运行过。" },
      ),
    ],
  },
];
