/** A person at a terminal: what they enter, and what they are shown. */
export interface Prompt extends AsyncDisposable {
  /** Entered things in order, each once. Behind the end of input nothing comes any more. Rejects with `signal.reason`. */
  next(signal: AbortSignal): Promise<PromptEvent>;
  /**
   * Output above the prompt. Sanitised by the caller; it may carry colours of ours. `open` are rows below it that the
   * next call replaces; a prompt that cannot take back what stands there leaves them out.
   */
  write(text: string, open?: readonly string[]): Promise<void>;
  /** Ends the output's last line, if anything stands in it. */
  endLine(): Promise<void>;
  /** While something runs: a line in the prompt's place until a person types. `undefined` brings the prompt back. */
  setBusy(status: string | undefined): Promise<void>;
  /** Stands in the label's place until it is taken away: the next line answers it. A few words, on one row. */
  setQuestion(question: string | undefined): void;
  columns(): number;
  /** Puts text where the person writes, before what stands there. Absent where lines come whole. */
  prefill?(text: string, purpose: LinePurpose): void;
  /** Lends the keyboard and the screen to `work`, which asks in its own way. Absent where it can't be parted with. */
  lend?<T>(work: () => Promise<T>): Promise<T>;
}

/** `edit`: the line is to take the place of the last message. */
export type LinePurpose = "message" | "edit";

export type PromptEvent =
  | { readonly type: "line"; readonly text: string; readonly purpose: LinePurpose }
  | { readonly type: "interrupt" }
  /** Ctrl-D, or the end of input. */
  | { readonly type: "end" };
