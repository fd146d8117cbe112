import type { Translated } from "../define-words.ts";
import type { taskWords } from "../english/task.ts";

export const task: Translated<typeof taskWords> = {
  noSchedule: () => ({
    message: "没有说明任务什么时候执行。",
    hint: '任选其一：\n  nanoclaw cron add -m "stretch" --in 20m\n  nanoclaw cron add -m "news" --cron "0 9 * * 1-5"',
  }),
  twoSchedules: ({ first, second }) => ({
    message: `同时给出了 ${first} 和 ${second}，而一个任务只有一个时间安排。`,
    hint: "请去掉其中一个，或者建立两个任务。",
  }),
  badCron: ({ expression, problem }) => ({
    message: `“${expression}”不是 cron 表达式：${problem}。`,
    hint: "依次是分、时、日、月、星期：“0 9 * * 1-5”表示周一至周五九点。",
  }),
  badTime: ({ text }) => ({
    message: `“${text}”不是时间。`,
    hint: "请写成 2027-03-01T09:00，或者用 09:00 表示下一个九点。",
  }),
  badDuration: ({ text }) => ({
    message: `“${text}”不是时长。`,
    hint: "请写成 90s、20m、2h、3d 或 1h30m。",
  }),
  past: ({ at, now }) => ({
    message: `${at} 已经过去：现在是 ${now}。`,
    hint: "请给出将来的时间，或者从现在起的时长：--in 20m",
  }),
  tooFar: ({ at }) => ({ message: `${at} 在一百年以后。`, hint: "请给出更近的时间。" }),
  tooOften: ({ least }) => ({
    message: `这比每 ${least} 一次还要频繁。`,
    hint: `请让各次之间至少相隔 ${least}。`,
  }),
  unknownZone: ({ zone, nearest }) => ({
    message: `没有时区“${zone}”。`,
    hint:
      nearest === undefined ? "请写出其中的城市，例如 Europe/Berlin，或者 UTC。" : `您是指 ${nearest} 吗？`,
  }),
  noPrompt: () => ({
    message: "没有说明要做什么。",
    hint: '请用 -m 说明：\n  nanoclaw cron add -m "Time to stretch" --in 20m',
  }),
  tooLong: ({ part, most }) => ({
    message: `任务的 ${part} 超过 ${most} 个字符。`,
    hint: "请写短一些；长文本可以放在工作区的文件里，由任务去读。",
  }),
  badChoice: ({ flag, value, known }) => ({
    message: `${flag} 是“${value}”，只能是 ${known.join("、")}。`,
    hint: `请从 ${known.join("、")} 中选择。`,
  }),
  noTask: ({ id, group }) => ({
    message: `群组“${group}”里没有任务 ${id}。`,
    hint: `查看已有的任务：\n  nanoclaw cron list --all --group ${group}`,
  }),
  isOver: ({ id, state }) => ({
    message: `任务 ${id} 的状态是 ${state}。`,
    hint: "请建立新任务，或者给它一个将来的时间：\n  nanoclaw cron update ID --at TIME",
  }),
  tooMany: ({ most }) => ({
    message: `这个群组已有 ${most} 个任务，更多的只能由主人添加。`,
    hint: "请取消不再需要的任务：\n  nanoclaw cron list",
  }),
  tooManyToday: ({ most }) => ({
    message: `助手一天之内在这个群组建立了 ${most} 个任务，不再建立更多。`,
    hint: "主人可以自己添加：\n  nanoclaw cron add",
  }),
  byTask: () => ({
    message: "这是任务自己的执行，它不能建立或更改任务。",
    hint: "主人可以允许：\n  nanoclaw cron update ID --may-make-tasks",
  }),
  ofOwner: ({ id }) => ({
    message: `任务 ${id} 由主人建立，只有主人能更改。`,
    hint: "请联系主人。",
  }),
  tooManyNeeds: ({ most }) => ({
    message: `一个任务最多需要 ${most} 个主机和聊天。`,
    hint: "只写它真正使用的，或者建立两个任务。",
  }),
  noGrants: ({ id }) => ({
    message: `任务 ${id} 没有可以收回的许可。`,
    hint: `查看它可以做什么：\n  nanoclaw cron show ${id}`,
  }),
  heartbeat: ({ id }) => ({
    message: `任务 ${id} 是群组的心跳，由配置设定。`,
    hint: "例如：\n  nanoclaw config set heartbeat.enabled false",
  }),
  halfAChat: () => ({
    message: "聊天由 --channel 和 --to 一起指定。",
    hint: "例如 --channel telegram --to 42；两者都不给则是最近活跃的聊天。",
  }),
  unknownChannel: ({ channel, nearest, known }) => ({
    message: `没有渠道“${channel}”。`,
    hint: nearest === undefined ? `已知的有：${known.join("、")}。` : `您是指 ${nearest} 吗？`,
  }),
  chatElsewhere: ({ chat, group }) => ({
    message: `聊天 ${chat} 不属于群组“${group}”。`,
    hint: "任务只写到自己群组的聊天；去掉 --channel 和 --to 则写到最近活跃的那个。",
  }),
  clockUnset: ({ year }) => ({
    message: `这台机器的时钟显示现在是 ${year} 年。`,
    hint: "请先校准时钟：现在建立的任务不会在您想要的时间执行。",
  }),
};
