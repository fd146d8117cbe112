import { channels } from "../channels/registry.ts";
import { loadConfig } from "../config.ts";
import { findHome } from "../home.ts";
import { wakeGateway } from "./attach.ts";
import { hasChatApp } from "./has-chat-app.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { createPairingCode } from "../people/create-pairing-code.ts";
import type { Transaction } from "../store/database.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import type { PairingGrant } from "../store/pairing-codes.ts";
import { peopleWords } from "../words/english/people.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { formatPairingCode } from "./format-pairing-code.ts";
import { allowIn, openOwnStore } from "./own-store.ts";
import { toJson } from "./to-json.ts";

export async function runPeoplePair(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const role = args.value("for") ?? "owner";
  const group = args.value("group");
  checkRole(role, group);
  await using store = await openOwnStore(io, signal);
  const pairing = await store.database.transaction(async (tx) => {
    await allowIn(tx, "people.pair", group === undefined ? role : `${role} of ${group}`);
    return await createPairingCode(tx, { grant: await toGrant(tx, group), now: systemClock.now() });
  });
  if (args.has("json")) {
    await io.write(toJson({ ...pairing, for: role, group: group ?? null }));
    return 0;
  }
  const home = findHome(io.env);
  const { config } = await loadConfig(home.config, io.env);
  const missing = !hasChatApp(config, channels)
    ? "No chat app is set up yet: without one there is nowhere to send it.\n"
    : (await wakeGateway(home, mainGroup))
      ? ""
      : "It is taken while a gateway runs: nanoclaw gateway\n";
  await io.write(formatPairingCode(pairing, group) + missing);
  return 0;
}

function checkRole(role: string, group: string | undefined): void {
  if (role !== "owner" && role !== "member") {
    throw new AppError("usage", peopleWords.unknownRole({ text: role }));
  }
  if (role === "member" && group === undefined) throw new AppError("usage", peopleWords.memberNeedsGroup());
  if (role === "owner" && group !== undefined) {
    throw new AppError("usage", peopleWords.ownerNeedsNoGroup({ group }));
  }
  if (group === mainGroup) throw new AppError("denied", peopleWords.mainIsYours());
}

async function toGrant(tx: Transaction, group: string | undefined): Promise<PairingGrant> {
  return group === undefined
    ? { makes: "owner" }
    : { makes: "member", group: (await getGroup(tx, group)).id };
}
