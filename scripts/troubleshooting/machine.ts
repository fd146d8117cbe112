import { failure, type Situation } from "./case.ts";

const home = "/home/anna/.nanoclaw";
const file = `${home}/nanoclaw.db`;
const said = "bwrap: setting up uid map: Permission denied";

/** This machine: its files, its disk, its sandbox. */
export const machine: readonly Situation[] = [
  {
    id: "sandbox",
    title: { en: "The sandbox", zh: "沙箱" },
    cases: [
      failure(
        "sandbox",
        "missing",
        { program: "bwrap", packageName: "bubblewrap", install: "apt-get install bubblewrap" },
        {
          en: "Commands run in a sandbox made by bubblewrap, which is not there. Talking works without it.",
          zh: "命令在 bubblewrap 创建的沙箱中运行，而它没有安装。没有它也能聊天。",
        },
      ),
      failure(
        "sandbox",
        "tooOld",
        { said: "bwrap: Unknown option --disable-userns" },
        {
          en: "Older versions lack what the sandbox is made of, and a weaker one is never made.",
          zh: "旧版本缺少沙箱所需的功能，而我们从不创建较弱的沙箱。",
        },
      ),
      failure(
        "sandbox",
        "appArmor",
        { said, profile: "profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }" },
        {
          en: "Ubuntu 24.04 and later allow user namespaces to named programs only.",
          zh: "Ubuntu 24.04 及以后的版本只允许指定的程序使用用户命名空间。",
        },
      ),
      failure(
        "sandbox",
        "switchedOff",
        { said, setting: "kernel.unprivileged_userns_clone=1" },
        {
          en: "A kernel setting forbids user namespaces to ordinary users.",
          zh: "内核设置不允许普通用户使用用户命名空间。",
        },
      ),
      failure(
        "sandbox",
        "inContainer",
        { said },
        {
          en: "A container's default rules forbid the system calls that a sandbox is made of.",
          zh: "容器的默认规则不允许创建沙箱所需的系统调用。",
        },
      ),
      failure(
        "sandbox",
        "forbidden",
        { said },
        { en: "A service manager or a security module forbids it.", zh: "服务管理器或安全模块不允许。" },
      ),
      failure(
        "sandbox",
        "outOfMemory",
        { said: "bwrap: Can't fork for child: Resource temporarily unavailable" },
        { en: "The limits of your user or container are reached.", zh: "已达到您的用户或容器的限制。" },
      ),
      failure(
        "sandbox",
        "diskNearlyFull",
        { path: `${home}/groups/main/workspace`, freeMb: 12, neededMb: 68 },
        {
          en: "What a command writes could leave the conversation itself no place.",
          zh: "命令写入的内容可能使对话本身无处保存。",
        },
      ),
      failure(
        "sandbox",
        "tooManyCommands",
        { most: 32 },
        {
          en: "The assistant started more commands at once than a group may; it is told the same.",
          zh: "助手同时启动的命令超过了一个群组的上限；它也会收到同样的提示。",
        },
      ),
      failure(
        "sandbox",
        "noControlGroup",
        { said: "EBUSY: resource busy or locked" },
        {
          en: "The limits of a command are set before it runs; without them it does not run.",
          zh: "命令运行前先设置限制；设置不了就不运行。",
        },
      ),
      failure(
        "sandbox",
        "late",
        { seconds: 10 },
        { en: "A sandbox usually starts within milliseconds.", zh: "沙箱通常在几毫秒内启动。" },
      ),
      failure(
        "sandbox",
        "broken",
        { said: "A command in it did not see what it should (exited)." },
        {
          en: "Before it is used, a real sandbox is tried, and this one does not confine.",
          zh: "使用之前会试一个真正的沙箱，而这个沙箱没有起到隔离作用。",
        },
      ),
      failure(
        "sandbox",
        "notStarted",
        { said: "", code: 1 },
        {
          en: "It ended before the command began, without a word.",
          zh: "命令开始之前它就无声无息地结束了。",
        },
      ),
      failure("sandbox", "noLibrary", undefined, {
        en: "The sandbox needs the system's C library.",
        zh: "沙箱需要系统的 C 库。",
      }),
      failure(
        "config",
        "unknownSandbox",
        { name: "dokcer", known: ["bubblewrap"] },
        {
          en: "sandbox.runtime in the configuration names one that does not exist.",
          zh: "配置中 sandbox.runtime 写的沙箱不存在。",
        },
      ),
    ],
  },
  {
    id: "files",
    title: { en: "The home folder and its files", zh: "主文件夹及其中的文件" },
    cases: [
      failure("home", "unset", undefined, {
        en: "A service or a cron job often has no HOME.",
        zh: "服务或 cron 任务往往没有 HOME。",
      }),
      failure(
        "home",
        "relative",
        { path: "data" },
        { en: "It would be another folder wherever you stand.", zh: "在不同的文件夹里，它就指不同的位置。" },
      ),
      failure(
        "home",
        "noFolder",
        { path: home },
        {
          en: "A link or a file stands there: somebody could point it elsewhere.",
          zh: "那里是链接或文件，别人可能会让它指向别处。",
        },
      ),
      failure(
        "home",
        "cannotMake",
        { path: home, isReadOnly: true },
        {
          en: "The folder is not there yet, and nothing can be made in the one around it.",
          zh: "这个文件夹还不存在，而它的上级文件夹里不能新建。",
        },
      ),
      failure(
        "home",
        "ofAnother",
        { path: home, uid: 0, ourUid: 1000 },
        {
          en: "It was first made with sudo, or belongs to somebody else: his keys and conversations are not ours.",
          zh: "它最初是用 sudo 创建的，或者属于别人；别人的密钥和对话不归我们使用。",
        },
      ),
      failure(
        "home",
        "openToOthers",
        { path: home, mode: "777" },
        {
          en: "Whoever can write there could have changed the configuration.",
          zh: "能写入那里的人都可能改过配置。",
        },
      ),
      failure(
        "home",
        "fileOpenToOthers",
        { path: `${home}/secrets.json`, mode: "644", canWrite: false },
        { en: "Keys stand in it.", zh: "里面有密钥。" },
      ),
      failure(
        "home",
        "fileUnreadable",
        { path: `${home}/config.json` },
        { en: "It belongs to somebody else, often root.", zh: "它属于别人，往往是 root。" },
      ),
      failure(
        "home",
        "fileNotFile",
        { path: `${home}/config.json` },
        { en: "A folder, a pipe or a device stands there.", zh: "那里是文件夹、管道或设备。" },
      ),
      failure(
        "home",
        "fileTooLarge",
        { path: `${home}/config.json` },
        { en: "It is not read whole into memory.", zh: "不会把它整个读进内存。" },
      ),
      failure(
        "home",
        "fileBelowNoFolder",
        { path: `${home}/config.json` },
        { en: "A file stands where its folder should.", zh: "应是文件夹的位置上有一个文件。" },
      ),
      failure(
        "home",
        "fileNotText",
        { path: `${home}/config.json`, isWide: true },
        {
          en: "An editor, often Notepad, saved it in another encoding.",
          zh: "编辑器（往往是记事本）用别的编码保存了它。",
        },
      ),
      failure(
        "home",
        "secretSealed",
        { name: "GITHUB_TOKEN", fault: "changed", key: `${home}/secrets.key` },
        {
          en: "The file was restored without its key, or edited by hand.",
          zh: "恢复文件时没有恢复它的密钥，或者手工修改过。",
        },
      ),
      failure(
        "home",
        "sealKeyBroken",
        { key: `${home}/secrets.key` },
        { en: "Something wrote into the file, or cut it.", zh: "有东西写入或截断了这个文件。" },
      ),
      failure(
        "home",
        "secretName",
        { name: "my-token" },
        { en: "The name also names a variable.", zh: "这个名称也用作变量名。" },
      ),
      failure(
        "home",
        "secretsBroken",
        { path: `${home}/secrets.json`, fault: "no-json" },
        {
          en: "A comma or a quotation mark is missing. The file's text is not shown, for keys stand in it.",
          zh: "缺少逗号或引号。文件内容不会显示，因为里面有密钥。",
        },
      ),
      failure(
        "config",
        "invalid",
        {
          count: 1,
          problems: `${home}/config.json:3:3: unknown key "agnets"; did you mean "agents"?\n   3 |   "agnets": {}\n     |   ^^^^^^^^`,
        },
        {
          en: "What the configuration does not know it does not ignore: it may be a setting that you rely on.",
          zh: "配置不认识的内容不会被忽略：它可能正是您所依赖的设置。",
        },
      ),
      failure(
        "config",
        "notWritten",
        {
          path: `${home}/config.json`,
          problems:
            "agents.defaults.model needs the variable MODEL, which is neither in the environment nor in secrets.json",
        },
        {
          en: "A change that would keep the program from starting is not made.",
          zh: "会使程序无法启动的改动不会写入。",
        },
      ),
    ],
  },
  {
    id: "database",
    title: { en: "The database", zh: "数据库" },
    cases: [
      failure(
        "store",
        "full",
        { file },
        {
          en: "Nothing more can be written. A small reserve of 30 KB is needed even to read.",
          zh: "无法再写入任何内容。即使只是读取，也需要 30 KB 的余量。",
        },
      ),
      failure(
        "store",
        "reserveGivenUp",
        { file },
        {
          en: "A command, or another program, filled the disk while a conversation had to be saved.",
          zh: "保存对话时，某个命令或其他程序占满了磁盘。",
        },
      ),
      failure(
        "store",
        "locked",
        { file },
        {
          en: "Another program, such as a database browser or a backup, holds it for writing.",
          zh: "另一个程序（例如数据库浏览器或备份程序）正占用它写入。",
        },
      ),
      failure(
        "store",
        "damaged",
        { file },
        {
          en: "The machine lost power while a disk lied about having written, or something else wrote into the file.",
          zh: "断电时磁盘谎报已写入，或者别的程序写了这个文件。",
        },
      ),
      failure(
        "store",
        "lost",
        { folder: home, file },
        {
          en: "There are groups or backups, so a database has been here: an empty one does not take its place silently.",
          zh: "那里有群组或备份，说明曾经有过数据库；不会悄悄地用一个空的代替它。",
        },
      ),
      failure(
        "store",
        "newer",
        { step: "0009-example", backups: `${home}/backups` },
        {
          en: "This is an older program than the one that used it last.",
          zh: "现在运行的程序比上次使用它的程序旧。",
        },
      ),
      failure(
        "store",
        "foreign",
        { file },
        { en: "Another program's database has that name.", zh: "另一个程序的数据库用了这个名称。" },
      ),
      failure(
        "store",
        "readOnly",
        { file },
        {
          en: "The disk is mounted to be read, or the file's mode forbids writing.",
          zh: "磁盘以只读方式挂载，或者文件权限不允许写入。",
        },
      ),
      failure(
        "store",
        "cannotOpen",
        { file },
        {
          en: "A folder stands there, or it belongs to somebody else.",
          zh: "那里是文件夹，或者它属于别人。",
        },
      ),
      failure(
        "store",
        "networkDisk",
        { file },
        {
          en: "On NFS and the like, processes cannot share memory, which the database needs.",
          zh: "在 NFS 之类的文件系统上，进程之间不能共享数据库所需的内存。",
        },
      ),
      failure(
        "store",
        "folderForEverybody",
        { folder: "/tmp" },
        {
          en: "NANOCLAW_HOME names a shared folder such as /tmp itself.",
          zh: "NANOCLAW_HOME 指向了公共文件夹，例如 /tmp 本身。",
        },
      ),
      failure(
        "store",
        "diskFailed",
        { file },
        { en: "The system reported an error of the disk.", zh: "系统报告磁盘出错。" },
      ),
    ],
  },
  {
    id: "system",
    title: { en: "The machine", zh: "这台机器" },
    cases: [
      failure(
        "system",
        "diskFull",
        { path: undefined },
        { en: "A file or the output could not be written.", zh: "文件或输出无法写入。" },
      ),
      failure(
        "system",
        "quotaFull",
        { path: `${home}/history` },
        {
          en: "On a shared machine everybody has a share of the disk.",
          zh: "在共用的机器上，每个人都有磁盘配额。",
        },
      ),
      failure(
        "system",
        "permission",
        { path: "/home/anna/letter" },
        {
          en: "The file or folder belongs to somebody else, or its mode forbids it.",
          zh: "文件或文件夹属于别人，或者权限不允许。",
        },
      ),
      failure(
        "system",
        "readOnly",
        { path: home },
        {
          en: "The disk is mounted to be read only, as a system does with one that fails.",
          zh: "磁盘以只读方式挂载；磁盘出错时系统也会这样做。",
        },
      ),
      failure("system", "tooManyFiles", undefined, {
        en: "The limit of your shell is very low, or another program of yours holds many.",
        zh: "shell 的上限太低，或者您的其他程序打开了很多文件。",
      }),
      failure("system", "outOfMemory", undefined, {
        en: "The system has none to give.",
        zh: "系统没有可用的内存了。",
      }),
      failure("system", "inputClosed", undefined, {
        en: "The window was closed, or the connection to the machine was lost.",
        zh: "窗口已关闭，或者与机器的连接断开了。",
      }),
      failure("system", "folderGone", undefined, {
        en: "It was removed or moved while you stood in it.",
        zh: "您还在里面时，它被删除或移走了。",
      }),
      failure(
        "system",
        "bug",
        { logId: undefined },
        {
          en: "Nobody foresaw this. Please report it with what --logs shows; keys never stand in it.",
          zh: "没有人预料到这种情况。请附上 --logs 显示的内容报告给我们；其中不会有密钥。",
        },
      ),
    ],
  },
];
