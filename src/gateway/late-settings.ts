import type { Config } from "../config.ts";

/** Settings of the gateway that were read at its start and are different now: they count from its next start on. */
export function listLateSettings(started: Config, now: Config): readonly string[] {
  const before = started.gateway;
  const after = now.gateway;
  return [
    ...(before.host === after.host ? [] : ["gateway.host"]),
    ...(before.port === after.port ? [] : ["gateway.port"]),
    ...(before.token?.open() === after.token?.open() ? [] : ["gateway.token"]),
  ];
}
