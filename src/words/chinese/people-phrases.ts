import type { PeoplePhrases, Somebody } from "../english/people-phrases.ts";

export const peoplePhrases: PeoplePhrases = {
  pairedOwner: "您好！从现在起，您就是我在这里的主人，这个聊天只属于您。我能为您做什么？",
  pairedMember: ({ group }) =>
    `您好！从现在起，您可以在这里给我写消息。您在和群组 ${group} 的助手对话：这个群组里的人都能从它那里得知这里说过的话。`,
  hasPaired: ({ group, ...who }) =>
    group === undefined
      ? `${call(who)}发来了配对码，现在是主人之一。如果不是您本人：\n  nanoclaw people remove ${who.number}`
      : `${call(who)}发来了配对码，现在可以在 ${group} 中写消息。`,
  codePosted: ({ chat, isPrivate, ...who }) =>
    `${call(who)}在${isPrivate ? "无法证明身份的地方" : `别人能看到的地方${chat === "" ? "" : `（“${chat}”）`}`}发出了配对码。它已经作废。要一个新的：\n  nanoclaw people pair`,
  codeNotAlone: "您的消息里有一个配对码。请把它单独作为一条消息发送，不要带其他内容。",
  codeNotNeeded: "我已经认识您了：您在这里不需要配对码。",
  codeWrong: ({ isLast }) =>
    isLast
      ? "这不是配对码，或者已经失效。次数太多了：一小时内我不再看您发来的配对码。"
      : "这不是配对码，或者已经失效：配对码 15 分钟内有效，只能用一次。要一个新的，请在我运行的机器上执行：\n  nanoclaw people pair",
  stranger: ({ number, group }) =>
    `我还不认识您。如果我的主人愿意让您加入，请在我运行的机器上执行：\n  nanoclaw people allow ${number}${group === undefined ? "" : ` --group ${group}`}`,
  chatOfNobody: ({ chat }) =>
    `这个聊天还不属于我的任何群组。我的主人可以在我运行的机器上改变这一点：\n  nanoclaw groups bind NAME ${chat}`,
  strangerWrote: ({ group, ...who }) =>
    `${call(who)}${group === undefined ? "" : `在 ${group} 中`}写来了消息，我不认识对方。要让对方加入：\n  nanoclaw people allow ${who.number}${group === undefined ? "" : ` --group ${group}`}`,
  moreStrangers: "今天还有更多陌生人写来消息。我不再逐个告诉您；查看他们：\n  nanoclaw people list",
  spokenTo: ({ title, channel, chat }) =>
    `有人在${title === "" ? "一个聊天" : `“${title}”`}（${channel}）中对我说话，而它不属于任何群组。要在那里回答：\n  nanoclaw groups bind NAME ${chat}`,
  ownGroup: ({ group, ...who }) =>
    `${call(who)}在 allowFrom 名单上，第一次写来消息，现在有了自己的群组：${group}。`,
  allowed: ({ group, isShared }) =>
    isShared
      ? `您现在可以给我写消息了。您在和群组 ${group} 的助手对话：这个群组里的人都能从它那里得知这里说过的话。`
      : "您现在可以给我写消息了。这里说的话只留在这个聊天里；只有我的主人可以查看。",
};

function call({ name, number, channel }: Somebody): string {
  return `${name === "" ? "有人" : `“${name}”`}（${channel}，编号 ${number}）`;
}
