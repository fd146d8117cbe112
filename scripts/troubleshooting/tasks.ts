import { failure, type Situation } from "./case.ts";

/** What is due later. */
export const tasks: readonly Situation[] = [
  {
    id: "tasks",
    title: { en: "Tasks and reminders", zh: "任务和提醒" },
    cases: [
      failure("task", "noSchedule", undefined, {
        en: "A task needs one of --cron, --every, --at and --in.",
        zh: "任务需要 --cron、--every、--at、--in 其中之一。",
      }),
      failure(
        "task",
        "twoSchedules",
        { first: "cron", second: "every" },
        { en: "Nobody could say which of them is meant.", zh: "无法判断指的是哪一个。" },
      ),
      failure(
        "task",
        "badCron",
        { expression: "60 * * * *", problem: 'the minute is "60" and takes 0 to 59' },
        { en: "A field holds what it cannot hold.", zh: "某个字段的值不被允许。" },
      ),
      failure(
        "task",
        "badTime",
        { text: "tomorrow" },
        { en: "Times are written in figures.", zh: "时间要用数字书写。" },
      ),
      failure(
        "task",
        "badDuration",
        { text: "soon" },
        { en: "It is no number with a unit.", zh: "它不是带单位的数字。" },
      ),
      failure(
        "task",
        "past",
        { at: "Thu 2026-11-26 09:00", now: "Thu 2026-11-26 12:00" },
        {
          en: "The time is over, in the zone that the task goes by.",
          zh: "按照任务所用的时区，这个时间已经过去。",
        },
      ),
      failure(
        "task",
        "tooFar",
        { at: "Fri 9999-01-01 00:00" },
        { en: "The year was probably mistyped.", zh: "年份可能写错了。" },
      ),
      failure(
        "task",
        "tooOften",
        { least: "1m" },
        {
          en: "Each time costs a turn of the model; an assistant makes tasks of a minute at least.",
          zh: "每次都要调用一次模型；助手建立的任务至少间隔一分钟。",
        },
      ),
      failure(
        "task",
        "unknownZone",
        { zone: "Europe/Berlni", nearest: "Europe/Berlin" },
        { en: "The name is no zone that this machine knows.", zh: "这台机器不认识这个时区名称。" },
      ),
      failure("task", "noPrompt", undefined, {
        en: "There is a time and nothing to do then.",
        zh: "有时间，但没有要做的事。",
      }),
      failure(
        "task",
        "tooLong",
        { part: "prompt", most: 8000 },
        { en: "It is sent to the model at every run.", zh: "每次执行都会把它发给模型。" },
      ),
      failure(
        "task",
        "badChoice",
        { flag: "--overlap", value: "never", known: ["forbid", "queue", "allow"] },
        { en: "The flag takes one of a few words.", zh: "这个选项只接受几个固定的词。" },
      ),
      failure(
        "task",
        "noTask",
        { id: "99", group: "main" },
        {
          en: "No task of the group has that number; another group's is not shown.",
          zh: "该群组没有这个编号的任务；别的群组的任务不会显示。",
        },
      ),
      failure(
        "task",
        "isOver",
        { id: 7, state: "cancelled" },
        { en: "A task that is over has no next time.", zh: "已经结束的任务没有下一次时间。" },
      ),
      failure(
        "task",
        "tooMany",
        { most: 50 },
        { en: "A task that makes tasks must come to an end.", zh: "会建立任务的任务必须有尽头。" },
      ),
      failure(
        "task",
        "tooManyToday",
        { most: 40 },
        {
          en: "The assistant has made many tasks and may be in a loop.",
          zh: "助手建立了很多任务，可能陷入了循环。",
        },
      ),
      failure("task", "byTask", undefined, {
        en: "A task that could make others could go on for ever.",
        zh: "能建立其他任务的任务可能永远不会停止。",
      }),
      failure(
        "task",
        "ofOwner",
        { id: 7 },
        {
          en: "It runs with the owner's rights, and its words must be his.",
          zh: "它以主人的权限执行，所以内容只能由主人决定。",
        },
      ),
      failure(
        "task",
        "tooManyNeeds",
        { most: 20 },
        {
          en: "One yes is for what one card can show.",
          zh: "一次同意只能对应一张卡片能显示的内容。",
        },
      ),
      failure(
        "task",
        "noGrants",
        { id: 7 },
        {
          en: "It was never given anything, or it was taken back before.",
          zh: "从未给过许可，或者已经收回。",
        },
      ),
      failure(
        "task",
        "heartbeat",
        { id: 1 },
        {
          en: "Each group has one, and the configuration says how often.",
          zh: "每个群组有一个，频率由配置决定。",
        },
      ),
      failure("task", "halfAChat", undefined, {
        en: "One of the two was left out.",
        zh: "两者缺了一个。",
      }),
      failure(
        "task",
        "unknownChannel",
        { channel: "telegrm", nearest: "telegram", known: ["http", "telegram"] },
        { en: "No channel has that name.", zh: "没有叫这个名字的渠道。" },
      ),
      failure(
        "task",
        "chatElsewhere",
        { chat: "http default", group: "family" },
        {
          en: "What one group's assistant knows is not told to another's chat.",
          zh: "一个群组的助手所知道的内容不会发到另一个群组的聊天里。",
        },
      ),
      failure(
        "task",
        "clockUnset",
        { year: 1970 },
        {
          en: "The machine has just started, or its battery is empty.",
          zh: "机器刚刚启动，或者电池没电了。",
        },
      ),
    ],
  },
];
