import { resolve } from "node:path";
import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import { allowRoot } from "../mounts/allow-root.ts";
import {
  decideMount,
  type MountDecision,
  type MountRequest,
  type MountRules,
} from "../mounts/decide-mount.ts";
import { decideGranted, toFreeName, toMountRules } from "../mounts/mount-folders.ts";
import { isMountName } from "../sandbox/sandbox-paths.ts";
import type { Transaction } from "../store/database.ts";
import { addGroupMount, listGroupMounts, removeGroupMount } from "../store/group-mounts.ts";
import { getGroup, type Group, listGroups, mainGroup } from "../store/groups.ts";
import { type Store } from "../store/store.ts";
import { mountWords } from "../words/english/mount.ts";
import { parseFolder } from "./agent.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { toFolderPlace } from "./open-conversation.ts";
import { toJson } from "./to-json.ts";
import { allow, allowIn, openOwnStore } from "./own-store.ts";

export async function runMountAdd(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using store = await openOwnStore(io, signal);
  const [groupName = "", folder = ""] = args.words;
  const group = await getGroup(store.database, groupName);
  const rules = await toMountRules(toFolderPlace(store, group, findHome(io.env), io));
  const request = toRequest(folder, group, io);
  const decision = await offerRoot(await decideMount(request, rules), request, rules, { store, io, signal });
  const refusal = decision.isAllowed ? decision.limit : decision.refusal;
  if (!decision.isAllowed || refusal !== undefined) throw new AppError("denied", refusal ?? "It is refused.");
  const name = args.value("name") ?? toFreeName(decision.source, new Set());
  if (!isMountName(name)) throw new AppError("usage", mountWords.badName({ name }));
  const mount = { name, path: decision.source, canWrite: decision.canWrite };
  const access = mount.canWrite ? "write" : "read";
  await change(store, group, `mount ${name} ${access} ${mount.path}`, (tx) =>
    addGroupMount(tx, group, mount, systemClock.now()),
  );
  const inside = `/workspace/extra/${name}`;
  const added = { group: group.name, name, path: mount.path, inside, access };
  await io.write(
    args.has("json")
      ? toJson(added)
      : `✓ ${group.name} ${mount.canWrite ? "reads and writes" : "reads"} ${sanitizeLine(mount.path)} as ${inside}, from its next conversation on.\n`,
  );
  return 0;
}

export async function runMountList(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using store = await openOwnStore(io, signal);
  const [name] = args.words;
  const groups =
    name === undefined ? await listGroups(store.database) : [await getGroup(store.database, name)];
  await allow(store, "mounts.list", name ?? "all groups");
  const rows = [];
  for (const group of groups) {
    const place = toFolderPlace(store, group, findHome(io.env), io);
    for (const mount of await listGroupMounts(store.database, group.id)) {
      const { right, refusal } = await decideGranted(mount, place, await toMountRules(place));
      const wanted = mount.canWrite ? "write" : "read";
      const reason = refusal?.message;
      const { path } = mount;
      rows.push({ group: group.name, name: mount.name, path, wanted, now: right, ...(reason && { reason }) });
    }
  }
  if (args.has("json")) await io.write(toJson(rows));
  else if (rows.length === 0) await io.write("No mounts. Add one: nanoclaw groups mount add GROUP PATH\n");
  else {
    const lines = rows.map(({ group, name: mount, path, wanted, now, reason }) => {
      const access = wanted === now ? now : `${wanted}, now ${now}`;
      const why = reason === undefined ? "" : `\n    ${sanitizeLine(reason)}`;
      return `${group}  ${mount}  ${access}  ${sanitizeLine(path)}${why}\n`;
    });
    await io.write(lines.join(""));
  }
  return 0;
}

export async function runMountRemove(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using store = await openOwnStore(io, signal);
  const [groupName = "", name = ""] = args.words;
  const group = await getGroup(store.database, groupName);
  await change(store, group, `unmount ${name}`, (tx) => removeGroupMount(tx, group, name));
  await io.write(
    args.has("json")
      ? toJson({ group: group.name, name })
      : `✓ ${group.name} no longer has ${name}, from its next conversation on.\n`,
  );
  return 0;
}

export async function runMountCheck(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using store = await openOwnStore(io, signal);
  const group = await getGroup(store.database, args.value("group") ?? mainGroup);
  const rules = await toMountRules(toFolderPlace(store, group, findHome(io.env), io));
  const request = toRequest(args.words[0] ?? "", group, io);
  await allow(store, "mounts.list", `check ${request.path}`);
  const decision = await decideMount(request, rules);
  const refusal = decision.isAllowed ? decision.limit : decision.refusal;
  const isRefused = refusal !== undefined;
  if (args.has("json")) {
    const { message: reason, hint: fix } = refusal ?? {};
    const found = decision.isAllowed
      ? { path: decision.source, access: decision.canWrite ? "write" : "read", allowedBy: decision.root }
      : { path: request.path, access: "none" };
    await io.write(
      toJson({ group: group.name, ...found, ...(isRefused && { reason, fix }), list: rules.file.path }),
    );
    return isRefused ? 1 : 0;
  }
  if (isRefused) throw new AppError("denied", refusal);
  if (decision.isAllowed) {
    const access = decision.canWrite ? "read and written" : "read";
    const { path, allowReadWrite } = decision.root;
    await io.write(
      `✓ ${sanitizeLine(decision.source)} can be ${access} by ${group.name}.\n  Allowed by ${sanitizeLine(JSON.stringify({ path, allowReadWrite }))} in ${sanitizeLine(rules.file.path)}\n`,
    );
  }
  return 0;
}

/** At a terminal the entry that is missing is offered, shown as it would stand there; without a yes the file is not touched. */
async function offerRoot(
  decision: MountDecision,
  request: MountRequest,
  rules: MountRules,
  { store, io, signal }: { readonly store: Store; readonly io: CommandIo; readonly signal: AbortSignal },
): Promise<MountDecision> {
  const missing = decision.isAllowed ? undefined : decision.root;
  if (decision.isAllowed || missing === undefined || !io.isTerminal.input || !io.isTerminal.error)
    return decision;
  const { askYesNo } = await import("../channels/terminal/ask-yes-no.ts");
  const question = `${decision.refusal.message}\n  ${JSON.stringify(missing)}\nWrite this line into it now?`;
  const output = { write: (text: string) => io.writeError(text) };
  if (!(await askYesNo(sanitizeText(question), output, signal))) return decision;
  await allow(store, "mounts.change", `allow ${missing.path}`, request.group);
  await allowRoot(rules.file.path, missing);
  return await decideMount(request, rules);
}

function toRequest(text: string, group: Group, io: CommandIo): MountRequest {
  const { path, canWrite } = parseFolder(text);
  return { group: group.name, path: resolve(io.cwd, path), canWrite };
}

/** The decision and what it allows are one transaction. */
async function change(
  store: Store,
  { name: group }: Group,
  name: string,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await store.database.transaction(async (tx) => {
    await allowIn(tx, "mounts.change", name, group);
    await work(tx);
  });
}
