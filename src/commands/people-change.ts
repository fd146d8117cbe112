import { loadConfig } from "../config.ts";
import { systemClock } from "../clock.ts";
import { findHome } from "../home.ts";
import { describePerson } from "../people/describe-person.ts";
import { getPersonByWord, toCalled } from "../people/find-person.ts";
import { letIn, type LetIn } from "../people/let-in.ts";
import { putOut, type PutOut } from "../people/put-out.ts";
import { findPerson, type Person } from "../store/people.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import { wakeGateway } from "./attach.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { allowIn, openOwnStore } from "./own-store.ts";
import { toJson } from "./to-json.ts";

export async function runPeopleAllow(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { people: phrases } = await loadLanguage(io.env);
  await using store = await openOwnStore(io, signal);
  const word = args.words[0] ?? "";
  const groupName = args.value("group");
  const { person, done } = await store.database.transaction(async (tx) => {
    const object = groupName === undefined ? word : `${word} in ${groupName}`;
    await allowIn(tx, "people.change", `allow ${object}`);
    const found = await getPersonByWord(tx, word);
    return { person: found, done: await letIn(tx, found, { groupName, phrases, now: systemClock.now() }) };
  });
  const isToldNow = done.joined.length > 0 && (await wakeGateway(findHome(io.env), done.group.name));
  if (args.has("json")) {
    const { group, isOwn, joined } = done;
    const chats = joined.map(({ id }) => id);
    await io.write(toJson({ number: person.id, group: group.name, isOwn, chats, isToldNow }));
  } else {
    await io.write(describeLetIn(person, done, isToldNow));
  }
  return 0;
}

function describeLetIn(person: Person, { group, isOwn, joined }: LetIn, isToldNow: boolean): string {
  const lines = [
    isOwn
      ? `✓ ${toCalled(person)} may write, in a group of their own: ${group.name}.`
      : `✓ ${toCalled(person)} may write in ${group.name} now.`,
  ];
  if (joined.length > 0) {
    const when = isToldNow ? "They are told there now." : "They are told there when a gateway runs.";
    lines.push(
      isOwn
        ? `  It answers in their private chat. ${when}`
        : `  Their private chat joins it: whoever is in ${group.name} can learn what is said there. ${when}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

export async function runPeopleRemove(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { config } = await loadConfig(findHome(io.env).config, io.env);
  await using store = await openOwnStore(io, signal);
  const word = args.words[0] ?? "";
  const { person, done } = await store.database.transaction(async (tx) => {
    await allowIn(tx, "people.change", `remove ${word}`);
    const found = await getPersonByWord(tx, word);
    const isSure = args.has("yes");
    return { person: found, done: await putOut(tx, found, { isSure, now: systemClock.now() }) };
  });
  const after = (await findPerson(store.database, person.id)) ?? person;
  const { isOnAllowList } = await describePerson(store.database, after, config);
  if (args.has("json")) {
    await io.write(toJson({ number: person.id, ...done, isOnAllowList }));
    return 0;
  }
  await io.write(describePutOut(person, done));
  if (isOnAllowList) {
    await io.writeError(
      `nanoclaw: channels.${person.channel} still lets ${toCalled(person)} write: take them off its allowFrom.\n`,
    );
  }
  return 0;
}

function describePutOut(person: Person, { wasOwner, groups, chats }: PutOut): string {
  if (!wasOwner && groups.length === 0 && chats === 0) {
    return `${toCalled(person)} had no right that could be taken.\n`;
  }
  const was = [
    ...(wasOwner ? ["an owner"] : []),
    ...(groups.length > 0 ? [`a member of ${groups.join(", ")}`] : []),
  ];
  const before = was.length === 0 ? "" : `, and was ${was.join(" and ")}`;
  const left = chats === 0 ? "" : " Their private chat belongs to no group any more.";
  return `✓ ${toCalled(person)} is a stranger from now on${before}.${left}\n`;
}
