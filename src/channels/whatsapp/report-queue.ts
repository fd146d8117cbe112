import type { Report } from "./wire.ts";

/** What the library reported, in order, taken one by one. It reports no batch before the one before was committed: bounded. */
export class ReportQueue implements AsyncIterable<Report> {
  readonly #reports: Report[] = [];
  #hasEnded = false;
  #news = Promise.withResolvers<void>();

  push(report: Report): void {
    this.#reports.push(report);
    this.#news.resolve();
  }

  end(): void {
    this.#hasEnded = true;
    this.#news.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Report> {
    for (;;) {
      const report = this.#reports.shift();
      if (report !== undefined) yield report;
      else if (this.#hasEnded) return;
      else {
        await this.#news.promise;
        if (!this.#hasEnded) this.#news = Promise.withResolvers();
      }
    }
  }
}
