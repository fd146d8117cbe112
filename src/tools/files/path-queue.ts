/**
 * Lets the writes of one path wait for each other: a model that sends three edits of a file in one answer means all
 * three. Other spellings of a path (`..`, links) are caught by the checksum instead.
 */
export class PathQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(path: string, work: () => Promise<T>): Promise<T> {
    const key = path.replace(/\/(?:\.?\/)+/g, "/");
    const before = this.#last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
