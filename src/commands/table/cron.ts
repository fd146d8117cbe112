import type { Command } from "../command.ts";
import type { FlagSpec } from "../arguments.ts";
import { json } from "./flags.ts";

const group: FlagSpec = { name: "group", short: "g", value: "GROUP", says: "Of this group." };
const ownGroup: FlagSpec = { ...group, says: "Of this group (default: main)." };
const task = { name: "ID" };

const plan: readonly FlagSpec[] = [
  { name: "name", short: "n", value: "NAME", says: "What it is called (default: how its message begins)." },
  { name: "message", short: "m", value: "TEXT", says: "What the assistant is asked each time." },
  { name: "every", short: "e", value: "TIME", says: "Again and again: seconds, or 30m, 2h, 1d." },
  { name: "cron", short: "c", value: "EXPR", says: "Minute, hour, day, month, weekday; or @daily." },
  { name: "at", value: "TIME", says: "Once: 2027-03-01T09:00, or 09:00." },
  { name: "in", value: "TIME", says: "Once, from now: 20m." },
  { name: "tz", value: "ZONE", says: "Whose clock, as Europe/Berlin (default: the group's)." },
  { name: "context", value: "WHERE", says: "isolated (default): a fresh session; group: the current one." },
  { name: "script", value: "TEXT", says: "Runs first, in the sandbox; @FILE reads it from a file." },
  { name: "missed", value: "WHAT", says: "While nothing ran: skip, once (default), all or all:N." },
  { name: "overlap", value: "WHAT", says: "While it still runs: forbid (default), queue, allow." },
  { name: "deliver", short: "d", says: "Send what it answers (so by default)." },
  { name: "quiet", says: "Send nothing: what it answers stands in the log." },
  { name: "channel", value: "CHANNEL", says: "Send to a chat there, with --to." },
  { name: "to", value: "CHAT", says: "The chat, by the platform's id." },
  { name: "may-make-tasks", says: "Its runs may make and change tasks." },
  { name: "host", value: "HOST", isRepeatable: true, says: "Its runs may reach this host, asked or not." },
  { name: "send-to", value: "CHAT", isRepeatable: true, says: "Its runs may send to this chat besides." },
];

export const cron: Command = {
  name: "cron",
  aliases: ["tasks"],
  summary: "Reminders and recurring work: add, list, change, run, and what came of it.",
  description: [
    "A task is a turn of its group at its time, in a gateway: nanoclaw gateway. Without one all of this works, and what is due waits. A heartbeat is a task of each group that the configuration sets.",
  ],
  flags: [],
  words: [],
  examples: [{ line: 'nanoclaw cron add -m "Stretch!" --in 20m', says: "A reminder in twenty minutes." }],
  subcommands: [
    {
      name: "add",
      summary: "Add a task.",
      flags: [...plan, ownGroup, json],
      words: [],
      examples: [
        {
          line: 'nanoclaw cron add -m "Send me the news" --cron "0 9 * * 1-5"',
          says: "From Monday to Friday at nine.",
        },
      ],
      run: async (args, io, _context, signal) => {
        const { runCronAdd } = await import("../cron-change.ts");
        return await runCronAdd(args, io, signal);
      },
    },
    {
      name: "list",
      summary: "List tasks, the next due first.",
      flags: [{ name: "all", short: "a", says: "Those that are over, and heartbeats, too." }, group, json],
      words: [],
      examples: [{ line: "nanoclaw cron list --all", says: "Everything there ever was." }],
      run: async (args, io, _context, signal) => {
        const { runCronList } = await import("../cron.ts");
        return await runCronList(args, io, signal);
      },
    },
    {
      name: "show",
      summary: "Show a task, its next times and its last runs.",
      flags: [group, json],
      words: [task],
      examples: [{ line: "nanoclaw cron show 7", says: "By its number in the list." }],
      run: async (args, io, _context, signal) => {
        const { runCronShow } = await import("../cron.ts");
        return await runCronShow(args, io, signal);
      },
    },
    {
      name: "update",
      summary: "Change a task; what is not said stays.",
      flags: [...plan, group, json],
      words: [task],
      examples: [{ line: 'nanoclaw cron update 7 --cron "30 9 * * 1-5"', says: "Half an hour later." }],
      run: async (args, io, _context, signal) => {
        const { runCronUpdate } = await import("../cron-change.ts");
        return await runCronUpdate(args, io, signal);
      },
    },
    {
      name: "pause",
      summary: "Pause a task until it is resumed.",
      flags: [group, json],
      words: [task],
      examples: [{ line: "nanoclaw cron pause 7", says: "What waits of it does not run." }],
      run: async (args, io, _context, signal) => {
        const { runCronEnd } = await import("../cron-change.ts");
        return await runCronEnd("pause", args, io, signal);
      },
    },
    {
      name: "resume",
      summary: "Let a paused task go on at its next time.",
      flags: [group, json],
      words: [task],
      examples: [{ line: "nanoclaw cron resume 7", says: "From now on again." }],
      run: async (args, io, _context, signal) => {
        const { runCronResume } = await import("../cron-change.ts");
        return await runCronResume(args, io, signal);
      },
    },
    {
      name: "enable",
      summary: "As resume; with --disable, as pause.",
      flags: [{ name: "disable", says: "Pause it." }, group, json],
      words: [task],
      examples: [{ line: "nanoclaw cron enable 7 --disable", says: "As the Python system has it." }],
      run: async (args, io, _context, signal) => {
        const { runCronEnd, runCronResume } = await import("../cron-change.ts");
        return args.has("disable")
          ? await runCronEnd("pause", args, io, signal)
          : await runCronResume(args, io, signal);
      },
    },
    {
      name: "remove",
      summary: "End a task for good; its log stays.",
      flags: [group, json],
      words: [task],
      examples: [{ line: "nanoclaw cron remove 7", says: "It never runs again." }],
      run: async (args, io, _context, signal) => {
        const { runCronEnd } = await import("../cron-change.ts");
        return await runCronEnd("remove", args, io, signal);
      },
    },
    {
      name: "revoke",
      summary: "Take back what a task's runs may do with nobody there to ask.",
      flags: [group, json],
      words: [task],
      examples: [{ line: "nanoclaw cron revoke 7", says: "From its next connection on." }],
      run: async (args, io, _context, signal) => {
        const { runCronRevoke } = await import("../cron-grants.ts");
        return await runCronRevoke(args, io, signal);
      },
    },
    {
      name: "run",
      summary: "Run a task once now, beside its own times.",
      flags: [{ name: "force", short: "f", says: "Also when it is paused (so in any case)." }, group, json],
      words: [task],
      examples: [{ line: "nanoclaw cron run 7", says: "To try it." }],
      run: async (args, io, _context, signal) => {
        const { runCronRun } = await import("../cron-change.ts");
        return await runCronRun(args, io, signal);
      },
    },
    {
      name: "log",
      summary: "Show what ran: when it was due, how long it took, its tokens, its outcome.",
      flags: [{ name: "limit", value: "COUNT", says: "At most so many (default: 20)." }, ownGroup, json],
      words: [{ ...task, isOptional: true }],
      examples: [{ line: "nanoclaw cron log 7", says: "Of one task, the last run first." }],
      run: async (args, io, _context, signal) => {
        const { runCronLog } = await import("../cron.ts");
        return await runCronLog(args, io, signal);
      },
    },
    {
      name: "zone",
      summary: "Show or set whose clock a group's tasks go by.",
      flags: [ownGroup, json],
      words: [{ name: "ZONE", isOptional: true }],
      examples: [{ line: "nanoclaw cron zone Europe/Berlin", says: "For main." }],
      run: async (args, io, _context, signal) => {
        const { runCronZone } = await import("../cron.ts");
        return await runCronZone(args, io, signal);
      },
    },
  ],
};
