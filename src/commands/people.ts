import { toLocalTime } from "../local-time.ts";
import { measure } from "../channels/terminal/render/width.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { loadConfig } from "../config.ts";
import { findHome } from "../home.ts";
import { describePerson, type PersonFacts } from "../people/describe-person.ts";
import { getPersonByWord } from "../people/find-person.ts";
import { listChatsOfPerson } from "../store/chats.ts";
import { findGroupById } from "../store/groups.ts";
import { listKnownPeople, listStrangers, type Person } from "../store/people.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { allowIn, openOwnStore } from "./own-store.ts";
import { toJson } from "./to-json.ts";

const fewStrangers = 20;

export async function runPeopleList(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { config } = await loadConfig(findHome(io.env).config, io.env);
  await using store = await openOwnStore(io, signal);
  const { database } = store;
  const most = args.has("all") ? -1 : fewStrangers;
  const { known, strangers } = await database.transaction(async (tx) => {
    await allowIn(tx, "people.list", "all people");
    // One more than is shown, to know whether there are more.
    return {
      known: await listKnownPeople(tx),
      strangers: await listStrangers(tx, most < 0 ? most : most + 1),
    };
  });
  const shown: readonly Person[] = [...known, ...(most < 0 ? strangers : strangers.slice(0, most))];
  const people = await Promise.all(shown.map((person) => describePerson(database, person, config)));
  const hasMore = most >= 0 && strangers.length > most;
  await io.write(args.has("json") ? toJson(people) : formatTable(people, hasMore));
  return 0;
}

export async function runPeopleShow(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { config } = await loadConfig(findHome(io.env).config, io.env);
  await using store = await openOwnStore(io, signal);
  const { database } = store;
  const word = args.words[0] ?? "";
  const person = await database.transaction(async (tx) => {
    await allowIn(tx, "people.list", word);
    return await getPersonByWord(tx, word);
  });
  const facts = await describePerson(database, person, config);
  const chats = await Promise.all(
    (await listChatsOfPerson(database, person.id)).map(async ({ id, group, lastMessageAt }) => ({
      chat: id,
      group: group === undefined ? null : ((await findGroupById(database, group))?.name ?? null),
      lastMessageAt: lastMessageAt ?? null,
    })),
  );
  if (args.has("json")) {
    await io.write(toJson({ ...facts, privateChats: chats }));
    return 0;
  }
  const places = chats.map(
    ({ chat, group }) => `${chat} (${group === null ? "no group" : `group ${group}`})`,
  );
  const lines = [
    ["Number", String(facts.number)],
    ["Name", sanitizeLine(facts.name ?? "-")],
    ["Channel", facts.account === "default" ? facts.channel : `${facts.channel} (${facts.account})`],
    ["Id", sanitizeLine(facts.id)],
    ["Right", describeRight(facts)],
    ["Since", toLocalTime(facts.since, "day")],
    ["Private chats", places.join(", ") || "none"],
  ] as const;
  await io.write(lines.map(([name, value]) => `${name.padEnd(13)}  ${value}\n`).join(""));
  return 0;
}

function formatTable(people: readonly PersonFacts[], hasMore: boolean): string {
  if (people.length === 0) {
    return "Nobody has written yet. To be known yourself in a chat: nanoclaw people pair\n";
  }
  const rows = [
    ["NUMBER", "NAME", "PERSON", "RIGHT", "SINCE"],
    ...people.map((person) => [
      String(person.number).padStart(6),
      sanitizeLine(person.name ?? "-"),
      sanitizeLine(`${person.channel}:${person.id}`),
      describeRight(person),
      toLocalTime(person.since, "day"),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => measure(row[column] ?? ""))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - measure(cell))))
      .join("  ")
      .trimEnd(),
  );
  const more = hasMore ? ["More strangers have written: nanoclaw people list --all"] : [];
  return `${[...lines, ...more].join("\n")}\n`;
}

function describeRight({ right, groups, holdsToken, isOnAllowList }: PersonFacts): string {
  if (holdsToken) return "owner by token";
  if (right !== "member") return right;
  const ways = [
    ...(groups.length === 0 ? [] : [`member of ${groups.join(", ")}`]),
    ...(isOnAllowList ? ["member by allowFrom"] : []),
  ];
  return ways.join("; ");
}
