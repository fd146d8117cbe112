import { failure, type Situation } from "./case.ts";

const known = ["trigger", "mode", "greeting", "style", "model"];

/** Groups and the chats that are theirs. */
export const group: readonly Situation[] = [
  {
    id: "group",
    title: { en: "Groups and their chats", zh: "群组和它们的聊天" },
    cases: [
      failure(
        "group",
        "unknownChat",
        { word: "Kitchn", nearest: "Kitchen" },
        {
          en: "No chat has that number, id or title, or nobody has written there yet.",
          zh: "没有聊天有这个编号、标识或标题，或者还没有人在那里写过消息。",
        },
      ),
      failure(
        "group",
        "chatNotClear",
        { word: "Garden", numbers: [2, 3] },
        { en: "Several chats have that title.", zh: "有几个聊天都用这个标题。" },
      ),
      failure(
        "group",
        "chatTaken",
        { chat: 1, group: "family" },
        {
          en: "A chat that changed its group without a word would carry what was said to other people.",
          zh: "聊天若悄悄换了群组，说过的话就会传到别人那里。",
        },
      ),
      failure(
        "group",
        "chatIsFree",
        { chat: 2 },
        { en: "There is nothing to take it away from.", zh: "没有什么可以分开的。" },
      ),
      failure(
        "group",
        "mainIsPrivate",
        { chat: 2 },
        {
          en: "main may change all other groups: whoever reads there would learn of everything.",
          zh: "main 可以更改其他所有群组：能在那里读消息的人会知道一切。",
        },
      ),
      failure("group", "mainStays", undefined, {
        en: "The program needs it: it is where the owner is at home.",
        zh: "程序需要它：那是主人的家。",
      }),
      failure(
        "group",
        "busy",
        { group: "family", pid: 4711 },
        { en: "A turn would lose its folder under its hands.", zh: "正在进行的工作会失去它的文件夹。" },
      ),
      failure(
        "group",
        "folderInTheWay",
        { path: "/home/anna/.nanoclaw/groups/home" },
        {
          en: "The folder belongs to no group that is known; nothing is written over.",
          zh: "这个文件夹不属于任何已知的群组；不会覆盖任何东西。",
        },
      ),
      failure(
        "group",
        "moved",
        { name: "family", current: "home" },
        {
          en: "It was renamed or removed while this conversation was open.",
          zh: "这个对话打开期间，它被改名或删除了。",
        },
      ),
      failure(
        "group",
        "removeNeedsYes",
        { group: "old" },
        { en: "There is no terminal at which to ask.", zh: "没有可以询问的终端。" },
      ),
      failure(
        "group",
        "unknownTemplate",
        { name: "grup", folder: "/home/anna/.nanoclaw/templates", nearest: "group" },
        { en: "No folder there is called so.", zh: "那里没有这个名字的文件夹。" },
      ),
      failure(
        "group",
        "unknownSetting",
        { name: "triger=@Bob", nearest: "trigger", known },
        { en: "It was typed otherwise, or without a value.", zh: "输入有误，或者没有写值。" },
      ),
      failure(
        "group",
        "nothingToSet",
        { known },
        { en: "Only the group was named.", zh: "只写了群组的名字。" },
      ),
      failure(
        "group",
        "badTrigger",
        { name: "@Bob the cat" },
        {
          en: "A name is looked for in what people write: with a space it would end in the middle.",
          zh: "程序在人们写的文字中寻找称呼：带空格就会断在中间。",
        },
      ),
      failure(
        "group",
        "unknownMode",
        { mode: "mentoin", nearest: "mention", known: ["always", "mention", "mention-sticky", "never"] },
        { en: "It was typed otherwise.", zh: "输入有误。" },
      ),
      failure(
        "group",
        "settingTooLong",
        { name: "style", most: 2000 },
        { en: "It goes along with every conversation of the group.", zh: "群组的每个对话都会带上它。" },
      ),
    ],
  },
];
