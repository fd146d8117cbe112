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
  columns(): number;
}

export type PromptEvent =
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "interrupt" }
  /** Ctrl-D, or the end of input. */
  | { readonly type: "end" };
