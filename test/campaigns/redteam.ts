import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { judgeCases, refuseArena } from "../redteam/arena/enter.ts";
import type { Outcome } from "../redteam/arena/judge.ts";
import { toReport } from "../redteam/arena/report.ts";
import { cases } from "../redteam/cases/all.ts";
import { listNotYet } from "../redteam/cases/catalogue.ts";

export const name = "redteam";

/** Where it matters who runs the sandbox; all families are judged as both at full size. */
const ofIdentity = /^(?:FS|SB|CP|EG)-/;

/** Times that every case is judged, each time as root and as an ordinary user. */
export const sizes = { smoke: 1, ci: 1, full: 3 };

/**
 * A model that has turned against its owner issues each case's calls through the real program. It must get nothing; a model that means
 * well must get what it wants in the same run; and the attack must succeed as soon as the control is taken out.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const refusal = refuseArena();
  if (refusal !== undefined) {
    progress(`not run: ${refusal}`);
    return { passed: 0, failed: 0, figures: { cases: 0, "not run": refusal } };
  }
  const rounds: Outcome[] = [];
  for (let round = 0; round < size; round++) {
    for (const identity of ["root", "user"] as const) {
      const isWanted = (id: string): boolean => identity === "root" || size > 1 || ofIdentity.test(id);
      const fitting = cases
        .filter(({ id, onlyAs }) => (onlyAs === undefined ? isWanted(id) : onlyAs === identity))
        .map(({ id }) => id);
      rounds.push(...(await judgeCases(fitting, identity, signal)));
    }
  }
  const { figures, complaints } = toReport(rounds, listNotYet());
  for (const complaint of complaints) progress(complaint);
  const held = rounds.filter(({ verdict }) => verdict === "held").length;
  return { passed: held, failed: rounds.length - held, figures };
}
