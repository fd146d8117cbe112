import type { Provider } from "../providers/provider.ts";
import type { Thinking } from "../providers/thinking.ts";

/** A model that answers, and how to reach it. */
export interface ModelInUse {
  readonly provider: Provider;
  readonly label: string;
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly thinking?: Thinking;
}
