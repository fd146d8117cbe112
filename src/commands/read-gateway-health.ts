import type { Config } from "../config.ts";
import { guardedFetch } from "../egress/dial.ts";
import type { ChannelState } from "../gateway/supervise.ts";
import type { HomePaths } from "../home.ts";
import { readSecret } from "../secrets.ts";

/** What the gateway that runs says of itself; nothing when none does, or when it serves at a port that nobody knows. */
export interface GatewayHealth {
  readonly channels: Readonly<Record<string, ChannelState | undefined>>;
}

const usualPatienceMs = 3000;

export async function readGatewayHealth(
  { gateway }: Config,
  { secrets }: Pick<HomePaths, "secrets">,
  signal: AbortSignal,
  patienceMs = usualPatienceMs,
): Promise<GatewayHealth | undefined> {
  // An address that means all of them is no place to go to.
  const host = /^(?:0\.0\.0\.0|::)$/.test(gateway.host) ? "127.0.0.1" : gateway.host;
  const token = gateway.token ?? (await readSecret(secrets, "NANOCLAW_GATEWAY_TOKEN"));
  const headers = token === undefined ? {} : { authorization: `Bearer ${token.open()}` };
  const request = new Request(`http://${host.includes(":") ? `[${host}]` : host}:${gateway.port}/health`, {
    headers,
  });
  const guard = { allow: (): boolean => true, allowsAddress: (): boolean => true };
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const answer: unknown = await (await guardedFetch(request, guard, limit)).json();
    return isHealth(answer) ? answer : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function isHealth(value: unknown): value is GatewayHealth {
  return (
    typeof value === "object" && value !== null && "channels" in value && typeof value.channels === "object"
  );
}
