/** What the chat tools do; who makes it knows chats and channels, they do not. Every method throws `AppError` for what it foresaw. */
export interface ChatHands {
  /** Where `to` leads: a chat's title or number, or a group's name. Without it, the chat that is being answered. */
  find(to: string | undefined): Promise<Destination>;
  /** Once for a call, also across a crash. */
  send(to: string | undefined, outgoing: Outgoing, callId: string): Promise<Sent>;
  /** How large a file may be that is sent there. */
  largestFile(to: string | undefined): Promise<number>;
  /** Under the message that is being answered, or one of the same chats by its number. */
  react(emoji: string, message: number | undefined, callId: string): Promise<void>;
  /** The last words that were sent, or those of this number. */
  edit(text: string, message: number | undefined, callId: string): Promise<void>;
}

export interface Destination {
  /** It is being answered in this turn. */
  readonly isOrigin: boolean;
  /** Whose it is. */
  readonly group: string;
  /** Its number. */
  readonly chat: number;
}

export type Outgoing =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "question"; readonly text: string; readonly options: readonly string[] }
  | {
      readonly type: "file";
      readonly text: string;
      readonly name: string;
      readonly mediaType: string;
      readonly bytes: Uint8Array;
    };

export interface Sent {
  /** By which it can be changed. */
  readonly message: number;
  /** `chat 7 of group team`. */
  readonly place: string;
}
