import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { moveGroup, removeGroup } from "../groups/change-groups.ts";
import {
  applySettings,
  changeSettings,
  parseModel,
  parseSettings,
  settingNames,
} from "../groups/settings.ts";
import { findHome, groupPaths } from "../home.ts";
import { listChats } from "../store/chats.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import { getGroup, mainGroup, summarizeGroups } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { groupWords } from "../words/english/group.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import { regroupGateway } from "./attach.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { toGroupsPlace } from "./groups-place.ts";
import { findModel } from "./model.ts";
import { readConfig } from "./read-config.ts";
import { allowIn, openOwnStore } from "./own-store.ts";
import { toJson } from "./to-json.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

export const runGroupsRename: Run = async (args, io, signal) => {
  await using store = await openOwnStore(io, signal);
  const [name = "", to = ""] = args.words;
  const place = toGroupsPlace(store, io, (tx) => allowIn(tx, "group.rename", `${name} to ${to}`, name));
  await moveGroup(name, to, place);
  const home = findHome(io.env);
  await regroupGateway(home);
  const { root } = groupPaths(home, to);
  const words = `✓ ${name} is called ${to} now; its folder is ${sanitizeLine(root)}. Talk to it: nanoclaw -g ${to}\n`;
  await io.write(args.has("json") ? toJson({ name: to, was: name, folder: root }) : words);
  return 0;
};

export const runGroupsRemove: Run = async (args, io, signal) => {
  await using store = await openOwnStore(io, signal);
  const name = args.words[0] ?? "";
  const holds = await describe(store, name);
  if (!args.has("yes") && !(await confirm(name, holds, io, signal))) {
    const { phrases } = await loadLanguage(io.env);
    await io.writeError(`${phrases.undo.unchanged}\n`);
    return 1;
  }
  const place = toGroupsPlace(store, io, (tx) => allowIn(tx, "group.remove", name, name));
  const aside = await removeGroup(name, place);
  await regroupGateway(findHome(io.env));
  const words = `✓ Removed ${name} (${holds}). Its folder lies in ${sanitizeLine(aside)}: delete it when you are sure.\n`;
  await io.write(args.has("json") ? toJson({ removed: name, folder: aside }) : words);
  return 0;
};

export const runGroupsSet: Run = async (args, io, signal) => {
  await using store = await openOwnStore(io, signal);
  const [name = "", ...words] = args.words;
  const flags = settingNames.flatMap((setting) => {
    const value = args.value(setting);
    return value === undefined ? [] : [`${setting}=${value}`];
  });
  const change = parseSettings([...words, ...flags]);
  const group = await getGroup(store.database, name);
  // What is wrong is said before a model is looked for.
  applySettings(await readGroupSettings(store.database, group.id), change);
  const model = change.model === undefined ? undefined : parseModel(change.model);
  if (model !== undefined) {
    const home = findHome(io.env);
    await findModel({ home, config: await readConfig(home, io), environment: io.env }, model, signal);
  }
  const settings = await store.database.transaction(async (tx) => {
    await allowIn(tx, "group.set", Object.keys(change).join(", "), name);
    return await changeSettings(tx, group.id, change);
  });
  await regroupGateway(findHome(io.env));
  const said = settingNames.flatMap((setting) =>
    change[setting] === undefined ? [] : [`${setting} ${show(setting, settings)}`],
  );
  await io.write(
    args.has("json")
      ? toJson(settings)
      : `✓ ${name}: ${sanitizeLine(said.join("; "))}. From its next answer on.\n`,
  );
  return 0;
};

function show(
  setting: (typeof settingNames)[number],
  {
    triggerName,
    triggerMode,
    greeting = "",
    style = "",
    model = "",
  }: Awaited<ReturnType<typeof readGroupSettings>>,
): string {
  switch (setting) {
    case "trigger":
      return `@${triggerName}`;
    case "mode":
      return triggerMode;
    case "greeting":
      return greeting === "" ? "none" : `"${greeting}"`;
    case "style":
      return style === "" ? "none" : `"${style}"`;
    case "model":
      return model === "" ? "as configured" : model;
    default:
      return setting satisfies never;
  }
}

/** What would be put aside, in words. */
async function describe({ database }: Store, name: string): Promise<string> {
  const group = await getGroup(database, name);
  if (group.name === mainGroup) throw new AppError("conflict", groupWords.mainStays());
  const row = (await summarizeGroups(database)).find(({ id }) => id === group.id);
  const chats = await listChats(database, group.id);
  const count = (number: number, one: string, more: string): string =>
    `${number} ${number === 1 ? one : more}`;
  return [
    count(chats.length, "chat", "chats"),
    count(row?.sessions ?? 0, "conversation", "conversations"),
    count(row?.entries ?? 0, "entry", "entries"),
  ].join(", ");
}

async function confirm(name: string, holds: string, io: CommandIo, signal: AbortSignal): Promise<boolean> {
  if (!io.isTerminal.input || !io.isTerminal.error) {
    throw new AppError("usage", groupWords.removeNeedsYes({ group: name }));
  }
  const { askYesNo } = await import("../channels/terminal/ask-yes-no.ts");
  const question = `Remove the group ${name}? It has ${holds}. Its chats are no longer answered; its folder is put aside, not deleted.`;
  return await askYesNo(question, { write: (text) => io.writeError(text) }, signal);
}
