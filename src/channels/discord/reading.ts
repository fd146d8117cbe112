import type { Place } from "./address.ts";
import type { Account } from "./session.ts";

export interface ChatPlace extends Place {
  readonly title: string | undefined;
  readonly isPrivate: boolean;
  /** The role that came with the bot. */
  readonly role: string | undefined;
}

export interface Reading {
  readonly me: Account;
  readonly place: ChatPlace;
  readonly nameOf: (channel: string) => string | undefined;
}
