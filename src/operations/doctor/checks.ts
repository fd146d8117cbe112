import type { Checks } from "./check.ts";
import {
  checkAudit,
  checkBackup,
  checkClock,
  checkDatabase,
  checkLeases,
  checkNotices,
} from "./check-database.ts";
import { checkHome, checkSpace } from "./check-files.ts";
import { checkGateway, checkService } from "./check-gateway.ts";
import { checkLeftovers, checkPath, checkRuntime } from "./check-machine.ts";
import { checkConfig, checkKeys, checkModel, checkSandbox } from "./check-setup.ts";

/** All that is looked at. */
export const checks: Checks = {
  home: checkHome,
  config: checkConfig,
  keys: checkKeys,
  model: checkModel,
  sandbox: checkSandbox,
  database: checkDatabase,
  audit: checkAudit,
  space: checkSpace,
  clock: checkClock,
  leases: checkLeases,
  gateway: checkGateway,
  notices: checkNotices,
  service: checkService,
  runtime: checkRuntime,
  path: checkPath,
  leftovers: checkLeftovers,
  backup: checkBackup,
};
