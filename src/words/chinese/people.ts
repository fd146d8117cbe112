import type { Translated } from "../define-words.ts";
import type { peopleWords } from "../english/people.ts";

export const people: Translated<typeof peopleWords> = {
  unknownPerson: ({ word }) => ({
    message: `这里没有“${word}”这个人。`,
    hint: "请用编号或 频道:ID 指明；写过消息的人都在列表中：\n  nanoclaw people list",
  }),
  severalPeople: ({ word, known }) => ({
    message: `“${word}”在多个账户上都有：${known.join("、")}。`,
    hint: `请用编号指明：\n  nanoclaw people show ${known[0] ?? "NUMBER"}`,
  }),
  lastOwner: ({ number, name }) => ({
    message: `${name} 是最后一位在聊天中被认识的主人：移除后只有这个终端属于您。`,
    hint: `如果确实要这样：\n  nanoclaw people remove ${number} --yes`,
  }),
  ownerAlready: ({ name }) => ({
    message: `${name} 是主人，可以在每个群组中写消息。`,
    hint: "不需要再允许。nanoclaw people remove 可以取消这个权利。",
  }),
  tokenOwner: () => ({
    message: "那是持有网关令牌的人，而不是可以移除的某个人。",
    hint: "要把别人挡在外面，请换一个令牌并重新启动网关：\n  nanoclaw config set gateway.token NEW_TOKEN",
  }),
  mainIsYours: () => ({
    message: "群组 main 只属于主人：没有人能成为它的成员。",
    hint: "要再加一位主人：\n  nanoclaw people pair\n要给别人建群组：\n  nanoclaw groups add NAME",
  }),
  noPrivateChat: ({ number, name }) => ({
    message: `${name} 没有私下写过消息，因此没有可以建立自己群组的聊天。`,
    hint: `请说明让对方加入哪个群组：\n  nanoclaw people allow ${number} --group NAME`,
  }),
  memberNeedsGroup: () => ({
    message: "没有说明发送配对码的人可以在哪个群组中写消息。",
    hint: "请指明：\n  nanoclaw people pair --for member --group NAME",
  }),
  ownerNeedsNoGroup: ({ group }) => ({
    message: `主人可以在每个群组中写消息：配对码不能只用于 ${group}。`,
    hint: `要成为它的成员：\n  nanoclaw people pair --for member --group ${group}`,
  }),
  unknownRole: ({ text }) => ({
    message: `--for 不认识“${text}”。`,
    hint: "可以是 owner 或 member。",
  }),
};
