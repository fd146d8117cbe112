import { existsSync } from "node:fs";
import type { Clock } from "../../clock.ts";
import type { ServiceManager, ServiceManagerName, ServicePlace } from "./service-manager.ts";

/** Each is loaded only when it is the one. */
const managers = {
  systemd: async (place) => (await import("./systemd.ts")).createSystemd(place),
  launchd: async (place) => (await import("./launchd.ts")).createLaunchd(place),
  background: async (place, clock) => (await import("./background.ts")).createBackground(place, clock),
} satisfies Record<ServiceManagerName, (place: ServicePlace, clock: Clock) => Promise<ServiceManager>>;

export const managerNames: readonly ServiceManagerName[] = ["systemd", "launchd", "background"];

/** What this machine starts its services with. */
export function findManager({ environment, systemRoot }: ServicePlace): ServiceManagerName {
  const has = (program: string): boolean => Bun.which(program, { PATH: environment["PATH"] ?? "" }) !== null;
  if (process.platform === "darwin") return has("launchctl") ? "launchd" : "background";
  // What `sd_booted` asks: the program may be there without being what runs the machine.
  return existsSync(`${systemRoot}/run/systemd/system`) && has("systemctl") ? "systemd" : "background";
}

export async function loadManager(
  name: ServiceManagerName,
  place: ServicePlace,
  clock: Clock,
): Promise<ServiceManager> {
  return await managers[name](place, clock);
}
