import { toLocalTime } from "../local-time.ts";
import { channels } from "../channels/registry.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { changeConfig } from "../config/change.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import { removeSecret } from "../secrets.ts";
import { forgetChannel } from "../store/channel-memory.ts";
import { channelWords } from "../words/english/channel.ts";
import type { ParsedArguments } from "./arguments.ts";
import {
  channelNames,
  findChannelName,
  hasSecrets,
  listSecrets,
  loadLinking,
  loadSetup,
  type ChannelName,
} from "./channel-place.ts";
import { describeUnreachable } from "./describe-unreachable.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { allow, openOwnStore } from "./own-store.ts";
import { readChannels } from "./read-channels.ts";
import { readGatewayHealth } from "./read-gateway-health.ts";
import { toJson } from "./to-json.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

export const runChannelsList: Run = async (args, io) => {
  const { config } = await loadConfig(findHome(io.env).config, io.env);
  const listed = channelNames.map((name) => ({ name, isOn: channels[name].isEnabled(config) }));
  if (args.has("json")) await io.write(toJson(listed));
  else {
    const width = Math.max(...listed.map(({ name }) => name.length));
    const lines = listed.map(
      ({ name, isOn }) => `${name.padEnd(width)}  ${isOn ? "on" : `off  ${toAdvice(name)}`}`,
    );
    await io.write(`${lines.join("\n")}\n`);
  }
  return 0;
};

export const runChannelsStatus: Run = async (args, io, signal) => {
  const home = findHome(io.env);
  const { config } = await loadConfig(home.config, io.env);
  await using store = await openOwnStore(io, signal);
  await allow(store, "status.read", "channels");
  const { hasGateway, channels: reports } = await readChannels(
    { config, home, database: store.database },
    signal,
  );
  if (args.has("json")) {
    await io.write(toJson({ hasGateway, channels: reports }));
    return 0;
  }
  if (!hasGateway)
    await io.write("No gateway answers: nothing is read or sent. Start it: nanoclaw gateway\n");
  for (const report of reports) {
    const { name, state, since, reason } = report;
    const when = since === undefined ? "" : ` since ${toLocalTime(new Date(since), "minute")}`;
    const why = reason === undefined ? "" : `: ${sanitizeLine(reason)}`;
    await io.write(`${name}  ${state === "unknown" ? "on" : state + when + why}\n`);
    for (const line of describeUnreachable(report)) await io.write(`  ${sanitizeLine(line)}\n`);
  }
  return 0;
};

export const runChannelsTest: Run = async (args, io, signal) => {
  const name = findChannelName(args.words[0] ?? "");
  if ((await loadLinking(name)) !== undefined) return await testLinked(name, args, io, signal);
  const setup = await loadSetup(name);
  const home = findHome(io.env);
  const { config } = await loadConfig(home.config, io.env);
  if (!hasSecrets(config, name, setup.secrets))
    throw new AppError("not-found", channelWords.notSetUp({ name }));
  await using store = await openOwnStore(io, signal);
  await allow(store, "status.read", `channel ${name}`);
  const began = systemClock.monotonic();
  const { address, ...account } = await setup.check({ config, clock: systemClock }, signal);
  const notes = account.notes.map((note) => note.name);
  const ms = Math.round(systemClock.monotonic() - began);
  const state = (await readGatewayHealth(config, home, signal))?.channels[name];
  if (args.has("json")) await io.write(toJson({ name, address, ms, notes, gateway: state ?? null }));
  else {
    await io.write(`✓ ${address} answers in ${ms} ms\n`);
    await io.write(describeState(state));
  }
  return state?.state === "connected" ? 0 : 1;
};

export const runChannelsRemove: Run = async (args, io, signal) => {
  const name = findChannelName(args.words[0] ?? "");
  const isLinked = (await loadLinking(name)) !== undefined;
  const secrets = await listSecrets(name);
  const removes = isLinked ? [] : ((await loadSetup(name)).removes ?? []);
  const home = findHome(io.env);
  await using store = await openOwnStore(io, signal);
  await allow(store, "config.write", `channels.${name}`);
  for (const secret of secrets) await allow(store, "secret.write", `remove ${secret.name}`);
  const part = ["channels", name];
  const { hasChanged } = await changeConfig(
    home.config,
    ["enabled", ...removes, ...secrets.map(({ key }) => key)].map((key) => ({
      path: [...part, key],
      value: undefined,
    })),
    io.env,
  );
  let hadSecret = false;
  for (const secret of secrets) hadSecret = (await removeSecret(home.secrets, secret.name)) || hadSecret;
  if (!hasChanged && !hadSecret) throw new AppError("not-found", channelWords.notSetUp({ name }));
  await store.database.transaction((tx) => forgetChannel(tx, { channel: name, account: "default" }));
  await io.write(describeRemoved(name, isLinked ? "link" : secrets.length === 1 ? "token" : "tokens"));
  return 0;
};

function describeRemoved(name: ChannelName, what: "link" | "token" | "tokens"): string {
  switch (what) {
    case "link":
      return `✓ ${name} is off and the link is forgotten. Chats and people stay known.\n  On the telephone it still stands: take NanoClaw out of its linked devices.\n`;
    case "token":
      return `✓ ${name} is off and its token is forgotten. Chats and people stay known.\n  Whoever may have seen the token can use it: revoke it there.\n`;
    case "tokens":
      return `✓ ${name} is off and its tokens are forgotten. Chats and people stay known.\n  Whoever may have seen them can use them: revoke them there.\n`;
    default:
      return what satisfies never;
  }
}

/** A second connection with the same link would end the gateway's: it alone is asked. */
async function testLinked(
  name: ChannelName,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const home = findHome(io.env);
  const { config } = await loadConfig(home.config, io.env);
  if (!hasSecrets(config, name, await listSecrets(name))) {
    throw new AppError("not-found", channelWords.notSetUp({ name }));
  }
  await using store = await openOwnStore(io, signal);
  await allow(store, "status.read", `channel ${name}`);
  const state = (await readGatewayHealth(config, home, signal))?.channels[name];
  if (args.has("json")) await io.write(toJson({ name, gateway: state ?? null }));
  else await io.write(describeState(state));
  return state?.state === "connected" ? 0 : 1;
}

function describeState(state: { readonly state: string; readonly reason?: string } | undefined): string {
  if (state === undefined) return "✗ No gateway reads its messages. Start it: nanoclaw gateway\n";
  const reason = state.reason === undefined ? "" : `: ${sanitizeLine(state.reason)}`;
  return `${state.state === "connected" ? "✓" : "✗"} The gateway says: ${state.state}${reason}\n`;
}

function toAdvice(name: ChannelName): string {
  return "loadSetup" in channels[name] || "loadLinking" in channels[name]
    ? `nanoclaw channels add ${name}`
    : `nanoclaw config set channels.${name}.enabled true`;
}
