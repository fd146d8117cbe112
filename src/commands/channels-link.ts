import type { ChannelLinking, LinkedAccount, LinkSign } from "../channels/linking.ts";
import { drawQrCode } from "../channels/terminal/qr/draw-qr.ts";
import { loadConfig } from "../config.ts";
import { findHome, type HomePaths } from "../home.ts";
import { findRunningProgram, toCommandWords } from "../operations/service/running-program.ts";
import { addPlugin } from "../plugins/add-plugin.ts";
import { readPlugins } from "../plugins/plugin-list.ts";
import { Secret } from "../secret.ts";
import { openMemory } from "../store/channel-memory.ts";
import type { Store } from "../store/store.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { ChannelName } from "./channel-place.ts";
import type { CommandIo } from "./command-io.ts";
import { keepChannel } from "./keep-channel.ts";
import { allow, openOwnStore } from "./own-store.ts";
import { hasColor } from "./style.ts";
import { toJson } from "./to-json.ts";
import { wrapLines } from "./wrap-text.ts";

const keyBytes = 32;

/** From nothing to linked: the part that speaks the protocol is fetched, a picture scanned, what came of it sealed and kept. */
export async function linkChannel(
  name: ChannelName,
  linking: ChannelLinking,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<void> {
  const home = findHome(io.env);
  await using store = await openOwnStore(io, signal);
  await allow(store, "secret.write", `set ${linking.secretName}`);
  await allow(store, "config.write", `channels.${name}`);
  const phone = args.value("phone");
  await io.writeError(wrapLines(linking.warning, io.columns));
  await seeToPlugin(linking, { store, home }, io, signal);
  const { config } = await loadConfig(home.config, io.env);
  const key = new Secret(Buffer.from(crypto.getRandomValues(new Uint8Array(keyBytes))).toString("base64url"));
  const place = {
    config,
    key,
    memory: openMemory(store.database, name, () => "default"),
    program: { command: toCommandWords(findRunningProgram()), plugins: home.plugins },
    ...(phone === undefined ? {} : { phone }),
  };
  await io.writeError(
    wrapLines(phone === undefined ? linking.steps.picture : linking.steps.code, io.columns),
  );
  const account = await linking.link(place, (sign) => show(sign, args, io), signal);
  const secrets = [{ name: linking.secretName, key: "token" }];
  await keepChannel({ home, name, secrets, tokens: { token: key } }, io);
  await tell(account, linking, args, io);
}

/** Only the very version that the channel was made for. */
async function seeToPlugin(
  { plugin: { name, version, licences, lock } }: ChannelLinking,
  { store, home }: { readonly store: Store; readonly home: HomePaths },
  io: CommandIo,
  signal: AbortSignal,
): Promise<void> {
  const known = (await readPlugins(home.plugins)).find((each) => each.name === name);
  if (known?.version === version) return;
  const spec = `${name}@${version}`;
  await allow(store, "plugins.change", `add ${spec}`);
  await io.writeError(
    wrapLines(`Fetching ${spec}, which speaks the protocol. Its licence: ${licences}.\n`, io.columns),
  );
  const added = await addPlugin(spec, { folder: home.plugins, environment: io.env }, signal, lock);
  await io.writeError(`✓ Added ${spec}, one file, sha256 ${added.sha256}\n\n`);
}

async function show(sign: LinkSign, args: ParsedArguments, io: CommandIo): Promise<void> {
  if (args.has("json")) return await io.write(`${JSON.stringify(sign)}\n`);
  if (sign.type === "code") return await io.write(`  ${sign.code.slice(0, 4)}-${sign.code.slice(4)}\n\n`);
  const hasRoom = io.isTerminal.output;
  const drawn = hasRoom
    ? drawQrCode(sign.text, { columns: io.columns, hasColor: hasColor(io, "output") })
    : undefined;
  if (drawn !== undefined)
    return await io.write(`${drawn}\nIt changes every 20 seconds: scan the last one.\n\n`);
  const advice = hasRoom
    ? "The window is too narrow for the picture: make it wider, or add --phone NUMBER."
    : "";
  await io.write(`${sign.text}\n${advice}${advice === "" ? "" : "\n"}`);
}

async function tell(
  { address, says }: LinkedAccount,
  { secretName }: ChannelLinking,
  args: ParsedArguments,
  io: CommandIo,
): Promise<void> {
  if (args.has("json")) return await io.write(toJson({ type: "linked", address }));
  const lines = [
    `✓ Linked with ${address}`,
    `✓ What is kept of the link is sealed with ${secretName}; the channel is on`,
    says,
    "",
  ];
  await io.write(wrapLines(lines.join("\n"), io.columns));
}
