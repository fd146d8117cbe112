import type { Command } from "../command.ts";
import { json } from "./flags.ts";

const group = { name: "group", short: "g", value: "NAME", says: "In this group." };

export const people: Command = {
  name: "people",
  summary: "Say who may write: list, let in, put out, and make codes.",
  description: [
    "PERSON is a number of the list, or CHANNEL:ID as in telegram:555. A name that somebody gives himself names nobody.",
  ],
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw people list", says: "Who is known, and which strangers have written." }],
  subcommands: [
    {
      name: "list",
      summary: "List who may write, and the last strangers who wrote.",
      flags: [{ name: "all", says: "All strangers, not only the last 20." }, json],
      words: [],
      examples: [{ line: "nanoclaw people list --json", says: "For a script." }],
      run: async (args, io, _context, signal) => {
        const { runPeopleList } = await import("../people.ts");
        return await runPeopleList(args, io, signal);
      },
    },
    {
      name: "show",
      summary: "Show one person: right, groups and private chats.",
      flags: [json],
      words: [{ name: "PERSON" }],
      examples: [{ line: "nanoclaw people show telegram:555", says: "By channel and id." }],
      run: async (args, io, _context, signal) => {
        const { runPeopleShow } = await import("../people.ts");
        return await runPeopleShow(args, io, signal);
      },
    },
    {
      name: "allow",
      summary: "Let somebody write: in a group, or in one of their own.",
      description: [
        "Without --group it is the group of their private chat, or a new one for them alone. A private chat that belongs to no group joins the group, and they are told there.",
      ],
      flags: [group, json],
      words: [{ name: "PERSON" }],
      examples: [
        { line: "nanoclaw people allow 17 --group family", says: "A member of family from now on." },
        { line: "nanoclaw people allow 17", says: "With an assistant of their own." },
      ],
      run: async (args, io, _context, signal) => {
        const { runPeopleAllow } = await import("../people-change.ts");
        return await runPeopleAllow(args, io, signal);
      },
    },
    {
      name: "remove",
      summary: "Take every right from somebody: a stranger from then on.",
      flags: [{ name: "yes", short: "y", says: "Also the last owner who is known in a chat." }, json],
      words: [{ name: "PERSON" }],
      examples: [{ line: "nanoclaw people remove 17", says: "Private chats leave their groups too." }],
      run: async (args, io, _context, signal) => {
        const { runPeopleRemove } = await import("../people-change.ts");
        return await runPeopleRemove(args, io, signal);
      },
    },
    {
      name: "pair",
      summary: "Make a code: who sends it in private becomes owner or member.",
      description: [
        "It is good for 15 minutes, and once. In a group's chat it becomes void, and you are told.",
      ],
      flags: [
        { name: "for", value: "ROLE", says: "owner or member (default: owner)." },
        { ...group, says: "Of a member: in this group." },
        json,
      ],
      words: [],
      examples: [
        { line: "nanoclaw people pair", says: "For yourself, in each chat app that you use." },
        {
          line: "nanoclaw people pair --for member --group family",
          says: "For somebody who may write in family.",
        },
      ],
      run: async (args, io, _context, signal) => {
        const { runPeoplePair } = await import("../people-pair.ts");
        return await runPeoplePair(args, io, signal);
      },
    },
  ],
};
