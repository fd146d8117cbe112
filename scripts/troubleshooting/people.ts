import { failure, type Situation } from "./case.ts";

/** Who may write. */
export const people: readonly Situation[] = [
  {
    id: "people",
    title: { en: "People and who may write", zh: "人员和谁可以写消息" },
    cases: [
      failure(
        "people",
        "unknownPerson",
        { word: "Ben" },
        {
          en: "Names are free to be taken by anybody, so people are named by number or by the id of their chat app.",
          zh: "名字谁都可以用，因此用编号或聊天应用中的 ID 来指明一个人。",
        },
      ),
      failure(
        "people",
        "severalPeople",
        { word: "telegram:555", known: ["3", "17"] },
        {
          en: "The same id has written to two accounts of a channel, and counts as two people.",
          zh: "同一个 ID 给一个频道的两个账户写过消息，算作两个人。",
        },
      ),
      failure(
        "people",
        "lastOwner",
        { number: 1, name: "Anna (telegram, person 1)" },
        {
          en: "With the last owner gone from the chats, nobody can give orders there.",
          zh: "聊天中最后一位主人离开后，那里就没有人能下命令。",
        },
      ),
      failure(
        "people",
        "ownerAlready",
        { name: "Anna (telegram, person 1)" },
        { en: "An owner has every right already.", zh: "主人已经拥有全部权利。" },
      ),
      failure("people", "tokenOwner", undefined, {
        en: "Programs that write over HTTP are the owner by the token that they send.",
        zh: "通过 HTTP 写消息的程序凭发送的令牌成为主人。",
      }),
      failure("people", "mainIsYours", undefined, {
        en: "What is said in main is told to nobody else, and main may change all other groups.",
        zh: "main 中说的话不会告诉别人，而且 main 可以更改所有其他群组。",
      }),
      failure(
        "people",
        "noPrivateChat",
        { number: 17, name: "Ben (telegram, person 17)" },
        {
          en: "They have written in a group's chat only.",
          zh: "对方只在群聊中写过消息。",
        },
      ),
      failure("people", "memberNeedsGroup", undefined, {
        en: "A member is always one of a group.",
        zh: "成员总是属于某个群组。",
      }),
      failure(
        "people",
        "ownerNeedsNoGroup",
        { group: "family" },
        { en: "There are no owners of single groups.", zh: "没有只属于单个群组的主人。" },
      ),
      failure(
        "people",
        "unknownRole",
        { text: "admin" },
        { en: "Codes make owners and members, nothing else.", zh: "配对码只能产生主人和成员。" },
      ),
    ],
  },
];
