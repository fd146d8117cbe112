import type { AttackCase } from "../arena/attack-case.ts";
import { chatApprovalCases } from "./ap-chats.ts";
import { approvalCases } from "./ap.ts";
import { vaultCases } from "./cp-vault.ts";
import { credentialCases } from "./cp.ts";
import { policyCases } from "./eg-policy.ts";
import { egressCases } from "./eg.ts";
import { mountCases } from "./fs-mounts.ts";
import { fileCases } from "./fs.ts";
import { gatewayCases } from "./gw.ts";
import { outgoingCases } from "./ox.ts";
import { promptCases } from "./pi.ts";
import { resourceCases } from "./ra.ts";
import { sandboxCases } from "./sb.ts";
import { runCases } from "./sc-runs.ts";
import { taskCases } from "./sc.ts";

export const cases: readonly AttackCase[] = [
  ...sandboxCases,
  ...fileCases,
  ...mountCases,
  ...egressCases,
  ...policyCases,
  ...credentialCases,
  ...vaultCases,
  ...promptCases,
  ...outgoingCases,
  ...gatewayCases,
  ...resourceCases,
  ...approvalCases,
  ...chatApprovalCases,
  ...taskCases,
  ...runCases,
];
