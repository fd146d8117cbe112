import { failure, type Situation } from "./case.ts";

const group = "main";
const list = "/home/anna/.config/nanoclaw/mount-allowlist.json";

/** What a group is given besides its own folder: hosts, folders of yours, secrets. */
export const outside: readonly Situation[] = [
  {
    id: "egress",
    title: { en: "What a sandbox reaches outside", zh: "沙箱可以访问的外部主机" },
    cases: [
      failure(
        "egress",
        "notAHost",
        { host: "https://api.github.com/repos" },
        {
          en: "Hosts are allowed as a whole; an address with a scheme or a path is not one.",
          zh: "允许的是整个主机；带协议或路径的地址不是主机名。",
        },
      ),
      failure(
        "egress",
        "tooWide",
        { host: "*.com" },
        {
          en: "Somebody who can register any name below it could take everything out.",
          zh: "任何人都能在它之下注册名称，从而把所有数据带走。",
        },
      ),
      failure(
        "egress",
        "notOnTheInternet",
        { host: "192.168.1.1" },
        {
          en: "Routers, printers and a cloud's metadata trust whoever can reach them.",
          zh: "路由器、打印机和云平台的元数据服务信任任何能连上它们的人。",
        },
      ),
      failure(
        "egress",
        "notAPath",
        { prefix: "repos" },
        {
          en: "It is compared with the path of a request, from its first slash on.",
          zh: "它与请求的路径从第一个斜杠开始比较。",
        },
      ),
      failure(
        "egress",
        "notAllowed",
        { group, host: "example.org", known: ["example.com"] },
        {
          en: "What is not listed cannot be taken out of the list.",
          zh: "不在列表中的主机无法从列表中移除。",
        },
      ),
      failure(
        "egress",
        "brokenRule",
        { group, host: "exa mple" },
        {
          en: "Another program wrote it. A list that is understood in part could allow what nobody meant.",
          zh: "它是其他程序写入的。只被部分理解的列表可能会允许没有人想允许的东西。",
        },
      ),
    ],
  },
  {
    id: "mounts",
    title: { en: "Folders of yours", zh: "您的文件夹" },
    cases: [
      failure(
        "mount",
        "noList",
        { file: list, path: "/home/anna/recipes", canWrite: false },
        {
          en: "What a group has for good is also there when nobody watches, so it needs an entry in your own list. Folders that you share at the terminal do not.",
          zh: "群组长期拥有的文件夹在无人看管时也在，所以需要在您自己的清单里写上。在终端里共享的文件夹则不需要。",
        },
      ),
      failure(
        "mount",
        "badList",
        { file: list, reason: 'Line 2: "allowedRootz" is not known. Did you mean "allowedRoots"?' },
        {
          en: "A list that is understood only in part might allow what you meant to forbid.",
          zh: "只看懂一部分的清单可能会允许您想禁止的东西。",
        },
      ),
      failure(
        "mount",
        "notAllowed",
        { file: list, path: "/home/anna/recipes", canWrite: false },
        {
          en: "A folder is compared by whole names: /home/anna/rec allows nothing in /home/anna/recipes.",
          zh: "文件夹按完整的名称比较：/home/anna/rec 不允许 /home/anna/recipes 中的任何内容。",
        },
      ),
      failure(
        "mount",
        "blocked",
        { file: list, path: "/home/anna/private-notes", pattern: "private*" },
        {
          en: "Your own pattern forbids it, wherever the name stands in the path.",
          zh: "您自己的模式禁止它，无论这个名称在路径中的哪里。",
        },
      ),
      failure(
        "mount",
        "onlyRead",
        { file: list, path: "/home/anna/recipes", root: "/home/anna/recipes" },
        {
          en: "Writing needs its own word in the list.",
          zh: "写入需要在清单中单独写明。",
        },
      ),
      failure(
        "mount",
        "onlyMainWrites",
        { file: list, path: "/home/anna/recipes", group: "family" },
        {
          en: "Other people may write in the chats of a group.",
          zh: "群组的聊天里可能有别人说话。",
        },
      ),
      failure(
        "mount",
        "badName",
        { name: "../etc" },
        {
          en: "The name becomes a folder inside the sandbox.",
          zh: "这个名称会成为沙箱里的一个文件夹。",
        },
      ),
      failure(
        "mount",
        "taken",
        { name: "recipes", group: "family" },
        {
          en: "A folder is called by its own last name unless you say another.",
          zh: "除非另外指定，文件夹以自己的最后一个名称命名。",
        },
      ),
      failure(
        "mount",
        "unknown",
        { name: "recipe", group: "family", known: ["recipes"] },
        {
          en: "It may have another name, or belong to another group.",
          zh: "它可能有别的名称，或属于别的群组。",
        },
      ),
      failure(
        "mount",
        "lent",
        { path: "/home/anna/site", group: "family", pid: 4711 },
        {
          en: "What one group leaves there would be a way for it to speak to another.",
          zh: "一个群组留在那里的东西会成为它与另一个群组对话的途径。",
        },
      ),
    ],
  },
  {
    id: "approval",
    title: { en: "What waits for your yes", zh: "等待您同意的请求" },
    cases: [
      failure(
        "approval",
        "unknown",
        { id: "12" },
        {
          en: "Each request has a number of its own, which never comes again.",
          zh: "每个请求都有自己的编号，编号不会重复使用。",
        },
      ),
      failure(
        "approval",
        "over",
        { id: 12, state: "expired" },
        {
          en: "It was answered, an hour has passed, or it was carried out already.",
          zh: "它已被回答、已过一小时，或者已经执行。",
        },
      ),
      failure(
        "approval",
        "noAlways",
        { id: 12 },
        {
          en: "A command line can mean anything, however it begins: it is never allowed for good.",
          zh: "命令行无论以什么开头，都可能做任何事，所以从不永久允许。",
        },
      ),
      failure(
        "approval",
        "unknownLevel",
        { name: "strict", known: ["locked", "careful", "trusted"] },
        {
          en: "A group has one of three levels.",
          zh: "群组只有三个级别之一。",
        },
      ),
      failure(
        "approval",
        "unknownAction",
        { name: "comand.run", nearest: "command.run", known: ["command.run", "files.write"] },
        {
          en: "Actions have fixed names, in the table of rights.",
          zh: "动作的名称是固定的，见权限表。",
        },
      ),
      failure(
        "approval",
        "unknownActor",
        { name: "me", known: ["agent", "owner", "member"] },
        {
          en: "It is asked about a kind of actor, not about a person.",
          zh: "问的是一类身份，而不是某个人。",
        },
      ),
      failure(
        "approval",
        "noPermission",
        { id: "9", group },
        {
          en: "It was revoked already, or belongs to another group.",
          zh: "它已被收回，或者属于另一个群组。",
        },
      ),
    ],
  },
  {
    id: "vault",
    title: { en: "Secrets and grants", zh: "密钥与授权" },
    cases: [
      failure(
        "vault",
        "noSecret",
        { name: "GITHUB_TOKN", known: ["GITHUB_TOKEN"] },
        {
          en: "No value is kept under that name.",
          zh: "没有用这个名称保存过内容。",
        },
      ),
      failure("vault", "noValue", undefined, {
        en: "The input ended before anything came.",
        zh: "输入在有内容之前就结束了。",
      }),
      failure(
        "vault",
        "typedValue",
        { name: "GITHUB_TOKEN" },
        {
          en: "The value stood behind the name, where others could see it.",
          zh: "内容写在了名称后面，别人能看到。",
        },
      ),
      failure(
        "vault",
        "tooShort",
        { name: "PIN", least: 8 },
        {
          en: "Stars are put over it wherever a server repeats it, and a short one stands everywhere.",
          zh: "服务器重复它时会用星号盖住，而太短的内容到处都会出现。",
        },
      ),
      failure(
        "vault",
        "inUse",
        { name: "GITHUB_TOKEN", known: ["github of main"] },
        {
          en: "Without its value the grant would fail.",
          zh: "没有内容，授权就会失效。",
        },
      ),
      failure(
        "vault",
        "grantName",
        { name: "My Hub" },
        {
          en: "It becomes a part of an address inside the sandbox.",
          zh: "它会成为沙箱里地址的一部分。",
        },
      ),
      failure(
        "vault",
        "noGrant",
        { name: "githu", group: "main", known: ["github"] },
        {
          en: "It was revoked, or belongs to another group.",
          zh: "它已被撤销，或属于别的群组。",
        },
      ),
      failure(
        "vault",
        "notABase",
        { url: "github" },
        {
          en: "A secret is bound to one service.",
          zh: "密钥只绑定到一个服务。",
        },
      ),
      failure(
        "vault",
        "notEncrypted",
        { url: "http://api.example.com" },
        {
          en: "Without encryption others can read what is sent.",
          zh: "没有加密，别人可以读到发送的内容。",
        },
      ),
      failure(
        "vault",
        "notAMethod",
        { method: "GRAB", known: ["GET", "POST"] },
        {
          en: "Only methods that servers know are handed on.",
          zh: "只转发服务器认识的方法。",
        },
      ),
      failure("vault", "noPath", undefined, {
        en: "A secret opens what you say, and nothing by itself.",
        zh: "密钥只能打开您写明的内容。",
      }),
      failure(
        "vault",
        "notAPath",
        { path: "/a/../b" },
        {
          en: "Two servers could read it as two paths.",
          zh: "两个服务器可能把它理解成不同的路径。",
        },
      ),
      failure(
        "vault",
        "badHeader",
        { name: "Host", format: "{}" },
        {
          en: "Some headers say where a request goes, or are not text of one line.",
          zh: "有些标头决定请求发往哪里，或者不是单行文本。",
        },
      ),
      failure("vault", "badUser", undefined, {
        en: "A colon ends the name in such a login.",
        zh: "在这种登录方式里，冒号表示名称结束。",
      }),
      failure("vault", "noModels", undefined, {
        en: "A key for models is bound to those that you name.",
        zh: "模型的密钥只绑定到您写明的模型。",
      }),
      failure("vault", "oneWay", undefined, {
        en: "Two ways would send it twice.",
        zh: "两种方式会把它发送两次。",
      }),
      failure(
        "vault",
        "brokenGrant",
        { name: "github" },
        {
          en: "Another program wrote it.",
          zh: "它是其他程序写入的。",
        },
      ),
    ],
  },
];
