/** What a frame puts on the terminal. */
export interface Frame {
  /** Final: goes above and is never touched again. Whole rows, each with its line break; or text as it is. */
  readonly done: string;
  /** Rows that the next frame replaces. */
  readonly open: readonly string[];
}

/** The text of one answer, as it streams, to what is seen of it. Expects sanitised text. */
export interface AnswerPainter {
  push(text: string): void;
  /** What has come since the last frame, at this width. */
  frame(columns: number): Frame;
  /** The rest, when nothing follows. */
  end(columns: number): Frame;
}
