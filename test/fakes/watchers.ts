/** Those who wait until something holds: they look again whenever something has happened. */
export class Watchers {
  #waiting: (() => void)[] = [];

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
