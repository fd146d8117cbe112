import type { approvalWords } from "../english/approval.ts";
import type { Translated } from "../define-words.ts";

export const approval: Translated<typeof approvalWords> = {
  unknown: ({ id }) => ({
    message: `没有编号为 ${id} 的、等待您同意的请求。`,
    hint: "查看正在等待的请求：\n  nanoclaw approvals list",
  }),
  over: ({ id, state }) => ({
    message: `请求 ${id} 已不再等待：它的状态是 ${state}。`,
    hint: "每个回答只算一次，并且要在一小时之内。助手可以再次请求。",
  }),
  noAlways: ({ id }) => ({
    message: `请求 ${id} 不能永久允许。`,
    hint: `它没有每次都相同的部分。可以允许一次，或者拒绝：\n  nanoclaw approvals allow ${id}`,
  }),
  unknownLevel: ({ name, known }) => ({
    message: `没有名为“${name}”的级别。`,
    hint: `已知的级别：${known.join("、")}。它们的含义：\n  nanoclaw policy show`,
  }),
  unknownAction: ({ name, nearest, known }) => ({
    message: `没有名为“${name}”的动作。${nearest === undefined ? "" : `您是指 ${nearest} 吗？`}`,
    hint: `已知的动作：${known.join("、")}。`,
  }),
  unknownActor: ({ name, known }) => ({
    message: `没有以“${name}”身份行动的人。`,
    hint: `已知的身份：${known.join("、")}。`,
  }),
  noPermission: ({ id, group }) => ({
    message: `群组 ${group} 没有编号为 ${id} 的许可。`,
    hint: `查看它有哪些许可：\n  nanoclaw policy show ${group}`,
  }),
};
