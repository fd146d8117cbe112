/** Work of one kind in the order in which it came: it is prepared one after the other, and begun in that order. */
export class InOrder {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** What `begin` does is waited for by the caller, and by nobody behind him. */
  async run<Prepared, Result>(
    key: string,
    prepare: () => Promise<Prepared>,
    begin: (prepared: Prepared) => Promise<Result>,
  ): Promise<Result> {
    const before = this.#tails.get(key);
    // Prepared at once, also while another is; begun when those before are.
    const prepared = prepare();
    const begun = Promise.all([prepared, before]).then(([ready]) => ({ result: begin(ready) }));
    const tail = begun.then(
      () => {},
      () => {},
    );
    this.#tails.set(key, tail);
    void tail.then(() => (this.#tails.get(key) === tail ? this.#tails.delete(key) : false));
    return await (
      await begun
    ).result;
  }
}
