import type { LocalServer } from "../../providers/local.ts";
import type { ResolvedModel } from "../../providers/resolve.ts";
import type { Keyboard } from "./prompt.ts";

/** What signing in does to the world; tests bring their own. */
export interface LoginEffects {
  /** Model servers on this machine that belong to us. */
  findLocalServers(signal: AbortSignal): Promise<readonly LocalServer[]>;
  /** Asks the provider whether it takes the key, at no cost. Never throws for what the provider or the network does. */
  checkKey(model: ResolvedModel, signal: AbortSignal): Promise<KeyCheck>;
  /** Whether a browser was started. */
  openBrowser(url: string): boolean;
  openKeyboard(): Keyboard;
}

export type KeyCheck =
  | { readonly outcome: "accepted" }
  | { readonly outcome: "refused"; readonly message: string }
  /** It may be right or wrong: the provider could not be asked. */
  | { readonly outcome: "unknown"; readonly message: string };
