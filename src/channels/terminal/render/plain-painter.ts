import type { AnswerPainter, Frame } from "./answer-painter.ts";

/** The text as it was written; the terminal breaks its lines. */
export class PlainPainter implements AnswerPainter {
  #text = "";

  push(text: string): void {
    this.#text += text;
  }

  frame(): Frame {
    const done = this.#text;
    this.#text = "";
    return { done, open: [] };
  }

  end(): Frame {
    return this.frame();
  }
}
