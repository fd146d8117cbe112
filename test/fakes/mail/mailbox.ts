export interface StoredMail {
  readonly uid: number;
  readonly source: Buffer;
  readonly arrivedAt: Date;
  readonly flags: Set<string>;
  /** As IMAP writes it; without it the mail is one part of text. */
  readonly structure?: string;
}

/** One folder of a mail server of a test. */
export class Mailbox {
  readonly mails: StoredMail[] = [];
  validity = 1;
  #next = 1;
  readonly #listeners = new Set<() => void>();

  get next(): number {
    return this.#next;
  }

  add(
    source: string | Buffer,
    more: { readonly arrivedAt?: Date; readonly structure?: string } = {},
  ): StoredMail {
    const { arrivedAt = new Date(), structure } = more;
    const mail: StoredMail = {
      uid: this.#next++,
      source: Buffer.from(source),
      arrivedAt,
      flags: new Set(),
      ...(structure === undefined ? {} : { structure }),
    };
    this.mails.push(mail);
    this.tell();
    return mail;
  }

  /** As after a repair: the same mails under other numbers. */
  renumber(): void {
    const kept = this.mails.splice(0);
    this.validity += 1;
    this.#next = 1;
    for (const { source, arrivedAt } of kept) this.add(source, { arrivedAt });
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
