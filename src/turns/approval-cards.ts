import type { Approval } from "../store/approvals.ts";
import type { Transaction } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import type { ChatId } from "../store/ids.ts";

/** Where the owner is asked when he does not sit at a terminal. */
export interface ApprovalCards {
  /** Puts the card on its way, with the request that it shows. Nothing: he is in no chat. */
  post(tx: Transaction, approval: Approval, group: Group): Promise<ChatId | undefined>;
  /** It is on disk. */
  posted(chat: ChatId): void;
}
