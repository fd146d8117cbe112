import { createTerminalOwner } from "../authority/actor.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { parseGrant, readGrant, type Grant, type Placement } from "../egress/grant.ts";
import { modelPaths } from "../egress/model-request.ts";
import { shortestSecret } from "../egress/scrub.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import { toGrantUrl, toGrantVariable } from "../sandbox/proxy-address.ts";
import { Secret } from "../secret.ts";
import { listSecretNames, readSecret, removeSecret, writeSecret } from "../secrets.ts";
import { withRight } from "../sessions/session-place.ts";
import { listGrants, listGrantsOf, removeGrant, saveGrant } from "../store/grants.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import { vaultWords } from "../words/english/vault.ts";
import type { ParsedArguments } from "./arguments.ts";
import { createAskPerson } from "./ask-person.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { toJson } from "./to-json.ts";
import { allow, openOwnStore, ownUid } from "./own-store.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

export const runSecretsSet: Run = async (args, io, signal) => {
  const [name = ""] = args.words;
  await using place = await openPlace(io, signal);
  await allow(place.store, "secret.write", `set ${name}`);
  const wasThere = (await listSecretNames(place.file)).includes(name);
  const value = await readValue(args, io, signal);
  await writeSecret(place.file, name, new Secret(value));
  const note =
    value.length < shortestSecret
      ? " It is too short to be granted: nothing could keep it out of answers."
      : "";
  await io.write(`✓ ${wasThere ? "Replaced" : "Kept"} ${name}, sealed.${note}\n`);
  return 0;
};

export const runSecretsList: Run = async (args, io, signal) => {
  await using place = await openPlace(io, signal);
  await allow(place.store, "secret.list", "all secrets");
  const { database } = place.store;
  const names = await listSecretNames(place.file);
  const secrets = await Promise.all(
    names.map(async (name) => ({ name, grants: (await listGrantsOf(database, name)).map(toListed) })),
  );
  if (args.has("json")) await io.write(toJson(secrets.map(toJsonSecret)));
  else if (secrets.length === 0) await io.write("No secrets. Set one: nanoclaw secrets set GITHUB_TOKEN\n");
  else await io.write(secrets.map(formatSecret).join(""));
  return 0;
};

export const runSecretsRemove: Run = async (args, io, signal) => {
  const [name = ""] = args.words;
  await using place = await openPlace(io, signal);
  const grants = await listGrantsOf(place.store.database, name);
  if (grants.length > 0 && !args.has("force")) {
    const used = grants.map((grant) => `${grant.name} of ${grant.group}`);
    throw new AppError("conflict", vaultWords.inUse({ name, known: used }));
  }
  await allow(place.store, "secret.write", `remove ${name}`);
  if (!(await removeSecret(place.file, name))) throw await noSecret(name, place.file);
  await io.write(
    `✓ Removed ${name}. The provider still knows it: revoke it there, if it may have been seen.\n`,
  );
  return 0;
};

export const runSecretsGrant: Run = async (args, io, signal) => {
  const [secret = ""] = args.words;
  await using place = await openPlace(io, signal);
  const grant = parseGrant(toGrant(secret, args));
  const value = await readSecret(place.file, secret);
  if (value === undefined) throw await noSecret(secret, place.file);
  if (value.open().length < shortestSecret)
    throw new AppError("usage", vaultWords.tooShort({ name: secret, least: shortestSecret }));
  const group = await getGroup(place.store.database, args.value("group") ?? mainGroup);
  const owner = { ...place, group, clock: systemClock, actor: createTerminalOwner(ownUid(), group.name) };
  const { name, base, methods, paths, placement } = grant;
  const terms = JSON.stringify({ methods, paths, placement });
  await withRight(owner, "secret.grant", `grant ${secret} as ${name}: ${base}`, (tx, now) =>
    saveGrant(tx, group.id, { name, secret, base, terms, now }),
  );
  await io.write(
    args.has("json")
      ? toJson({ group: group.name, ...grant, url: toGrantUrl(name), variable: toGrantVariable(name) })
      : [
          `✓ ${group.name} may use ${secret}: ${describe(grant)}.`,
          `  In its sandbox: $${toGrantVariable(name)} (${toGrantUrl(name)}), from its next command on.`,
          `  The value itself never gets there.\n`,
        ].join("\n"),
  );
  return 0;
};

export const runSecretsRevoke: Run = async (args, io, signal) => {
  const [groupName = "", name = ""] = args.words;
  await using place = await openPlace(io, signal);
  const group = await getGroup(place.store.database, groupName);
  const owner = { ...place, group, clock: systemClock, actor: createTerminalOwner(ownUid(), group.name) };
  const wasThere = await withRight(owner, "secret.grant", `revoke ${name}`, (tx) =>
    removeGrant(tx, group.id, name),
  );
  if (!wasThere) {
    const known = (await listGrants(place.store.database, group.id)).map((grant) => grant.name);
    throw new AppError("not-found", vaultWords.noGrant({ name, group: group.name, known }));
  }
  await io.write(`✓ ${group.name} cannot use ${name} any more.\n`);
  return 0;
};

function toGrant(secret: string, args: ParsedArguments): Grant {
  const placement = toPlacement(args);
  const isModel = placement.type === "model";
  const base = args.value("url") ?? "";
  const methods = args
    .values("method")
    .flatMap((list) => list.split(",").map((each) => each.trim().toUpperCase()));
  return {
    name: args.value("name") ?? toName(base),
    secret,
    base,
    methods: isModel ? ["POST"] : methods.length === 0 ? ["GET", "HEAD"] : methods,
    paths: isModel ? [modelPaths[placement.wire]] : args.values("path"),
    placement,
  };
}

/** `github` for `https://api.github.com`: the part of a host that people call it by. */
function toName(base: string): string {
  const labels = URL.parse(base)?.hostname.split(".") ?? [];
  return labels.at(-2) ?? labels[0] ?? "";
}

function toPlacement(args: ParsedArguments): Placement {
  const [header, query, user, wire] = ["header", "query", "basic", "model-wire"].map((flag) =>
    args.value(flag),
  );
  if ([header, query, user, wire].filter((way) => way !== undefined).length > 1)
    throw new AppError("usage", vaultWords.oneWay());
  if (query !== undefined) return { type: "query", name: query };
  if (user !== undefined) return { type: "basic", user };
  if (wire === "anthropic" || wire === "openai") return { type: "model", wire, models: args.values("model") };
  if (wire !== undefined) throw new AppError("usage", vaultWords.oneWay());
  const [, name = "", format = "{}"] =
    /^([^:]*)(?::\s*(.*))?$/.exec(header ?? "Authorization: Bearer {}") ?? [];
  return { type: "header", name: name.trim(), format };
}

/** From a pipe, or typed unseen; never from the command line, where every process of the machine could read it. */
async function readValue(args: ParsedArguments, io: CommandIo, signal: AbortSignal): Promise<string> {
  const [name = "", source = "-"] = args.words;
  if (source !== "-") throw new AppError("usage", vaultWords.typedValue({ name }));
  const text = io.isTerminal.input
    ? await askUnseen(io, signal)
    : new TextDecoder().decode(await io.readAllInput(signal));
  const value = text.replace(/\r?\n$/, "");
  if (value === "") throw new AppError("usage", vaultWords.noValue());
  return value;
}

async function askUnseen(io: CommandIo, signal: AbortSignal): Promise<string> {
  const ask = createAskPerson(io);
  return (await ask?.((prompt) => prompt.secret("Value: ", signal))) ?? "";
}

async function openPlace(io: CommandIo, signal: AbortSignal) {
  const store = await openOwnStore(io, signal);
  return { store, file: findHome(io.env).secrets, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

async function noSecret(name: string, file: string): Promise<AppError> {
  return new AppError("not-found", vaultWords.noSecret({ name, known: await listSecretNames(file) }));
}

type StoredGrant = Awaited<ReturnType<typeof listGrantsOf>>[number];
type Listed = Pick<StoredGrant, "group" | "name" | "base"> & { readonly terms: Grant | undefined };

/** One that cannot be understood is shown too: it can still be revoked. */
function toListed({ group, ...stored }: StoredGrant): Listed {
  const { name, base } = stored;
  try {
    return { group, name, base, terms: readGrant(stored) };
  } catch {
    return { group, name, base, terms: undefined };
  }
}

function toJsonSecret({ name, grants }: { readonly name: string; readonly grants: readonly Listed[] }) {
  return {
    name,
    grants: grants.map(({ terms, ...grant }) => {
      if (terms === undefined) return { ...grant, isBroken: true };
      const { methods, paths, placement } = terms;
      return { ...grant, methods, paths, placement };
    }),
  };
}

function formatSecret({
  name,
  grants,
}: {
  readonly name: string;
  readonly grants: readonly Listed[];
}): string {
  const lines = grants.map(({ group, name: grant, base, terms }) => {
    const says = terms === undefined ? `${base} (broken: it serves nothing; revoke it)` : describe(terms);
    return `  ${group}: ${grant}, ${sanitizeLine(says)}\n`;
  });
  return `${sanitizeLine(name)}\n${lines.length === 0 ? "  granted to nobody\n" : lines.join("")}`;
}

function describe({ base, methods, paths, placement }: Grant): string {
  if (placement.type === "model") return `${placement.models.join(", ")} at ${base}`;
  return `${methods.join(", ")} below ${paths.map((path) => base + (path === "/" ? "" : path)).join(", ")}`;
}
