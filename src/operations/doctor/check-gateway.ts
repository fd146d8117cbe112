import { lstat, rm } from "node:fs/promises";
import { systemClock } from "../../clock.ts";
import { findGateway, leaveGateway } from "../../store/gateway-lock.ts";
import { isProcessAlive } from "../../store/holder.ts";
import { doctorWords } from "../../words/english/doctor.ts";
import { answers } from "../service/background.ts";
import { findManager, loadManager } from "../service/registry.ts";
import type { ServiceStatus } from "../service/service-manager.ts";
import { fine, problem, warning, type Check, type DoctorPlace, type Finding } from "./check.ts";
import { greets } from "./greets.ts";

export const checkGateway: Check = async (place, signal) => {
  const { home, openStore, phrases } = place;
  const socket = `${home.root}/gateway.sock`;
  const store = await openStore();
  const holder = store === undefined ? undefined : await findGateway(store.database, () => true);
  if (holder !== undefined && isProcessAlive(holder)) {
    if (await greets(socket, signal)) return fine(phrases.gatewayRuns({ pid: holder.pid }));
    return [problem(doctorWords.gatewaySilent({ pid: holder.pid }))];
  }
  const findings: Finding[] = [];
  if (holder !== undefined && store !== undefined) {
    const forget = async (): Promise<void> =>
      await store.database.transaction((tx) => leaveGateway(tx, holder));
    findings.push(warning(doctorWords.staleGateway({ pid: holder.pid }), forget));
  }
  if ((await isThere(socket)) && !(await answers(socket))) {
    findings.push(warning(doctorWords.staleFile({ path: socket }), () => rm(socket, { force: true })));
  }
  const { isInstalled, manager } = await readService(place, signal);
  if (isInstalled) findings.push(problem(doctorWords.gatewayDown({ manager })));
  return findings.length === 0 ? fine(phrases.noGateway) : findings;
};

export const checkService: Check = async (place, signal) => {
  const { openStore, phrases } = place;
  const { isInstalled, manager, startsWithMachine } = await readService(place, signal);
  if (isInstalled) return fine(phrases.service({ manager, startsItself: startsWithMachine }));
  const store = await openStore();
  const holder = store === undefined ? undefined : await findGateway(store.database, () => true);
  const runs = holder !== undefined && isProcessAlive(holder);
  return runs ? [warning(doctorWords.serviceMissing())] : fine(phrases.noService);
};

async function readService({ service }: DoctorPlace, signal: AbortSignal): Promise<ServiceStatus> {
  const manager = await loadManager(findManager(service), service, systemClock);
  return await manager.status(signal);
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
