import type { ChannelMemory } from "../channel.ts";
import type { Mail } from "../../mail/read-mail.ts";

/** What an answer has to say of the mail that it answers, so that mail programs show both together. */
export interface KnownMail {
  readonly id: string;
  readonly subject: string;
  readonly references: readonly string[];
}

/** Of each chat; an older mail is answered as the newest is. */
const mostRemembered = 20;

/** The mails of each chat that may be answered, across restarts. */
export class Threads {
  readonly #memory: ChannelMemory;

  constructor(memory: ChannelMemory) {
    this.#memory = memory;
  }

  async see(chat: string, { id, subject, references }: Mail): Promise<void> {
    const known = await this.#read(chat);
    if (known.at(-1)?.id === id) return;
    const next = [...known.filter((mail) => mail.id !== id), { id, subject, references }];
    await this.#memory.write(toName(chat), JSON.stringify(next.slice(-mostRemembered)));
  }

  /** The mail with this id; without one, or where it is no longer known, the newest. */
  async find(chat: string, id: string | undefined): Promise<KnownMail | undefined> {
    const known = await this.#read(chat);
    return known.find((mail) => mail.id === id) ?? known.at(-1);
  }

  async #read(chat: string): Promise<readonly KnownMail[]> {
    const text = await this.#memory.read(toName(chat));
    if (text === undefined) return [];
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isKnownMail) : [];
  }
}

function toName(chat: string): string {
  return `thread ${chat}`;
}

function isKnownMail(value: unknown): value is KnownMail {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    "subject" in value &&
    "references" in value
  );
}
