import type { Channel, FileCapability } from "../../src/channels/channel.ts";
import { explain } from "../../src/errors.ts";
import { ProgramBench } from "./program-bench.ts";
import { toSaid } from "./provoke.ts";

type Part = Readonly<Record<string, unknown>>;

const { signal } = new AbortController();

/** What `channels test NAME` says with this part of the configuration. */
export async function sayTested(name: string, part: Part): Promise<string> {
  await using bench = await ProgramBench.open({ config: { channels: { [name]: part } } });
  return (await bench.run(["channels", "test", name])).err;
}

/** What `channels add NAME` says of what comes by a pipe. */
export async function sayAdded(name: string, stdin: string): Promise<string> {
  await using bench = await ProgramBench.open();
  return (await bench.run(["channels", "add", name, "--token-stdin"], { stdin })).err;
}

/** What a gateway logs of a channel that it cannot serve with this part of the configuration. */
export async function sayServed(name: string, part: Part = {}): Promise<string> {
  await using bench = await ProgramBench.open({
    config: { gateway: { port: 0 }, channels: { [name]: { enabled: true, ...part } } },
  });
  const gateway = bench.start(["gateway", "--logs"]);
  await gateway.waitForErr("cannot be served as it is configured");
  gateway.kill("SIGTERM");
  return (await gateway.ended).err;
}

/** Why a channel that is started ends; `happen` begins when it stands, or when `whenReady` resolves. */
export async function sayEnded(
  channel: Channel,
  happen: () => void | Promise<void> = () => {},
  whenReady?: () => Promise<void>,
): Promise<string> {
  const connected = Promise.withResolvers<void>();
  const receive = async () => ({ type: "accepted", message: 1 }) as const;
  const over = channel
    .start({ receive, connected: () => connected.resolve() }, signal)
    .then(() => ({ message: "" }), explain);
  await Promise.race([whenReady === undefined ? connected.promise : whenReady(), over]);
  await happen();
  return toSaid(await over);
}

/** Why a file cannot be had. */
export async function sayFetched(
  { files }: { readonly files?: Pick<FileCapability, "fetch"> },
  reference: string,
): Promise<string> {
  const fetched = files?.fetch(reference, signal) ?? Promise.resolve();
  return toSaid(await fetched.then(() => ({ message: "" }), explain));
}
