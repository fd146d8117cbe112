import type { AgentEvent, Emit } from "../agent/events.ts";
import { clean, joinTaint } from "../authority/taint.ts";
import type { PersonMessage, SendOptions } from "../turns/conversation.ts";

/** A turn that another process runs: what is to be known of it when that ends in its middle. */
export class WatchedTurn {
  readonly message: PersonMessage;
  /** What was said before it. */
  readonly #last: string | undefined;
  /** It stood in the store: so did what it was asked. */
  #hasBegun = false;
  #wasLost = false;
  readonly #joined: PersonMessage[] = [];

  constructor(message: PersonMessage, last: string | undefined) {
    this.message = message;
    this.#last = last;
  }

  get wasLost(): boolean {
    return this.#wasLost;
  }

  /** All that happens, but for its end when that is the end of the other process: what then becomes of it is another's to say. */
  watch(emit: Emit): Emit {
    return (event: AgentEvent) => {
      if (event.type === "turn-start") this.#hasBegun = true;
      if (event.type === "turn-end" && event.error?.words?.key === "gateway.lost") {
        this.#wasLost = true;
        return;
      }
      return emit(event);
    };
  }

  /** Remembers what was handed over to join it. */
  note(options: SendOptions): SendOptions {
    const { takeJoining } = options;
    if (takeJoining === undefined) return options;
    return {
      ...options,
      takeJoining: async (signal) => {
        const messages = await takeJoining(signal);
        this.#joined.push(...messages);
        return messages;
      },
    };
  }

  /** What of all that was said does not stand in the store, where `asked` is the last that does. */
  findUntaken(asked: string): PersonMessage | undefined {
    const { text } = this.message;
    // Said twice in a row it looks the same: then rather twice than not at all.
    const isTaken = this.#hasBegun || (asked.startsWith(text) && text !== this.#last);
    const untaken = this.#joined.filter((each) => !isTaken || !asked.includes(each.text));
    return join(isTaken ? untaken : [this.message, ...untaken]);
  }
}

function join(messages: readonly PersonMessage[]): PersonMessage | undefined {
  if (messages.length === 0) return undefined;
  return {
    text: messages.map(({ text }) => text).join("\n\n"),
    images: messages.flatMap(({ images = [] }) => images),
    taint: joinTaint(...messages.map(({ taint = clean }) => taint)),
  };
}
