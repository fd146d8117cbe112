/** So many messages are remembered by their topic; an older one is answered in its topic by Telegram's own rule. */
const mostRemembered = 5000;

/** In which topic of a forum something was written: an answer goes there. */
export class Threads {
  readonly #ofMessage = new Map<string, number>();
  readonly #last = new Map<string, number>();

  see(chat: string, message: string, thread: number | undefined): void {
    if (thread === undefined) {
      this.#last.delete(chat);
      return;
    }
    this.#ofMessage.set(`${chat}/${message}`, thread);
    this.#last.set(chat, thread);
    const [oldest] = this.#ofMessage.keys();
    if (this.#ofMessage.size > mostRemembered && oldest !== undefined) this.#ofMessage.delete(oldest);
  }

  find(chat: string, message: string): number | undefined {
    return this.#ofMessage.get(`${chat}/${message}`);
  }

  /** Where somebody wrote last. */
  last(chat: string): number | undefined {
    return this.#last.get(chat);
  }
}
