/** What the channel and the process with the library say to each other, as JSON. The library's own values are texts here. */
export type Order =
  /** First of all. */
  | {
      readonly type: "begin";
      readonly plugins: string;
      readonly url: string;
      /** The owner's own way out. */
      readonly proxy?: string;
      /** All that it remembers: what is signed with, and the sessions with others. */
      readonly state: Readonly<Record<string, string>>;
      /** Linked by a code that is typed on this telephone; else by a picture. */
      readonly phone?: string;
    }
  /** What it handed over is on disk. */
  | { readonly type: "committed"; readonly batch: number }
  | { readonly type: "call"; readonly call: number; readonly request: LibraryRequest };

export type LibraryRequest =
  /** `content` is a message as WhatsApp defines it, with bytes in base64. */
  | { readonly do: "send"; readonly chat: string; readonly id: string; readonly content: MessageContent }
  | { readonly do: "typing"; readonly chat: string; readonly isTyping: boolean }
  /** Where files are put, and what is shown there; another than the last where that one took none. */
  | { readonly do: "upload-place"; readonly isAnother: boolean }
  | { readonly do: "unlink" };

export type Report =
  | { readonly type: "ready" }
  | { readonly type: "picture"; readonly text: string }
  | { readonly type: "code"; readonly code: string }
  /** Nothing has left, and no receipt was given, for what is in it. An absent value is forgotten. */
  | {
      readonly type: "batch";
      readonly batch: number;
      readonly state: Readonly<Record<string, string | null>>;
      readonly messages: readonly ArrivedMessage[];
    }
  | { readonly type: "open"; readonly me: OwnIds }
  /** With the number by which WhatsApp says why. */
  | { readonly type: "closed"; readonly code: number; readonly reason: string }
  | { readonly type: "answer"; readonly call: number; readonly answer: LibraryAnswer };

/** In place of WhatsApp's number: the library is not there, or not the one that was added. */
export const notLoaded = -1;
/** In its place as well: no code is given for this number, or not now. */
export const codeRefused = -2;

export type LibraryAnswer =
  | { readonly type: "done"; readonly value?: unknown }
  | { readonly type: "not-sent"; readonly reason: string }
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string }
  | { readonly type: "slow-down"; readonly reason: string };

/** Each person has two: the number of the telephone, and one that hides it. */
export interface OwnIds {
  readonly phone: string;
  readonly hidden?: string;
  readonly name?: string;
}

export interface ArrivedMessage {
  readonly id: string;
  /** As WhatsApp spells the address. */
  readonly chat: string;
  /** The number of the telephone where the chat is with somebody whose number is hidden. */
  readonly chatPhone?: string;
  /** In a group: who wrote. */
  readonly author?: string;
  readonly authorPhone?: string;
  readonly isFromUs: boolean;
  readonly name?: string;
  readonly title?: string;
  /** Seconds. */
  readonly at: number;
  readonly content: MessageContent;
}

/** A `proto.Message` as JSON: whatever the sender put into it. */
export type MessageContent = Readonly<Record<string, unknown>>;
