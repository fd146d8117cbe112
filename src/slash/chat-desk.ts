import type { Actor } from "../authority/actor.ts";
import type { BudgetLimits } from "../sessions/day-budget.ts";
import type { UndoService } from "../snapshots/undo-service.ts";
import type { Transaction } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import type { StatusFacts } from "./fact-rows.ts";

export interface ModelName {
  readonly model: string;
  readonly label: string;
}

/** What was shortened, for who says so. */
export interface Shortened {
  readonly entries: number;
}

/** What commands of chats need of a group beside the store. Each throws `AppError` for what it foresaw. */
export interface ChatDesk {
  /** Also while a turn runs, and before the first. */
  describe(group: Group, signal: AbortSignal): Promise<StatusFacts>;
  models(signal: AbortSignal): Promise<readonly ModelName[]>;
  /** The whole name of a model that can be used now; without one, of what is configured. */
  findModel(name: string | undefined, signal: AbortSignal): Promise<string>;
  /** `record` is written with the summary, in its transaction. Not while a turn runs. */
  compact(group: Group, request: CompactRequest, signal: AbortSignal): Promise<void>;
  /** Not while a turn runs. */
  undo(group: Group, actor: Actor): Promise<UndoService>;
  /** What the configuration says of prices and of what may be used in a day. */
  readonly budget?: () => BudgetLimits;
  /** One line each; absent where nothing is done later. */
  readonly tasks?: (group: Group) => Promise<readonly string[]>;
}

export interface CompactRequest {
  readonly actor: Actor;
  readonly keep: string;
  readonly record: (tx: Transaction, shortened: Shortened) => Promise<void>;
}
