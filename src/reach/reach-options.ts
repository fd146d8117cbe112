import type { Channel } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import type { Health } from "../gateway/health.ts";
import type { Spool } from "../gateway/spool.ts";
import type { HomePaths } from "../home.ts";
import type { ChatAddress } from "../store/chats.ts";
import type { Holder } from "../store/holder.ts";
import type { ChatId } from "../store/ids.ts";
import type { Store } from "../store/store.ts";

/** What the assistant's tools reach beyond its sandbox, while a gateway runs. */
export interface ReachOptions {
  readonly store: Store;
  readonly home: Pick<HomePaths, "root" | "groups" | "templates" | "logs">;
  readonly clock: Clock;
  readonly readHolder: () => Promise<Holder>;
  /** Undefined while the channel is not served. */
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  readonly spool: Pick<Spool, "write">;
  /** Something waits for the chat. */
  readonly wake: (chat: ChatId) => void;
  readonly phrases: Pick<ChatSpeech["phrases"], "asks">;
  /** Throws `AppError` for a model that cannot be had. */
  readonly checkModel: (name: string, signal: AbortSignal) => Promise<void>;
  /** Groups were changed as a whole: what is open of them is opened anew. */
  readonly onChange: () => Promise<void>;
  readonly health: () => Promise<Health>;
  /** What the doctor finds that is not as it should be. */
  readonly examine: (signal: AbortSignal) => Promise<readonly string[]>;
}
