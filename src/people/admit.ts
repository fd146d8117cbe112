import type { Config } from "../config.ts";
import type { Transaction } from "../store/database.ts";
import type { claimAllowedName } from "../store/allowed-names.ts";
import type { Person } from "../store/people.ts";
import { findAdmission, type AllowQuestion } from "./allow-list.ts";

export interface Admittance {
  readonly isAllowed: boolean;
  /** Nobody but the owner writes here, whoever is known. */
  readonly isShut?: boolean;
  /** Why not, beyond that he is on no list: for `nanoclaw why`. */
  readonly problem?: string;
}

/** Whether the configuration lets somebody write as a member, where the chat belongs to a group. */
export async function admit(
  tx: Transaction,
  config: Config,
  question: AllowQuestion & {
    readonly person: Person;
    readonly now: number;
    readonly claimName: typeof claimAllowedName;
  },
): Promise<Admittance> {
  const admission = findAdmission(config, question);
  switch (admission.type) {
    case "no":
      return { isAllowed: false };
    case "everybody":
    case "by-id":
      return { isAllowed: true };
    case "shut":
      return { isAllowed: false, isShut: true, problem: `private chats are switched off (${admission.key})` };
    case "by-name": {
      const { name } = admission;
      if (await question.claimName(tx, question.person, name, question.now)) return { isAllowed: true };
      return {
        isAllowed: false,
        problem: `the name ${name} on the list allowFrom was another person's before`,
      };
    }
    default:
      return admission satisfies never;
  }
}
