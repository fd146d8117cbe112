import { commonStart, type Candidate, type Completion, type PromptAids } from "./completion.ts";
import type { HistoryMatch, PromptHistory } from "./history.ts";
import type { KeyEvent, KeyName } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";

export interface LineEditorOptions {
  readonly history: PromptHistory;
  readonly aids: PromptAids;
  /** Something changed without a key: a completion arrived. */
  readonly onChange: () => void;
}

/** What the editor made of a key that is for whoever holds it. */
export type EditorOutcome =
  | { readonly type: "entered"; readonly text: string }
  /** `hadText`: something was thrown away. */
  | { readonly type: "interrupt"; readonly hadText: boolean }
  | { readonly type: "end" }
  | { readonly type: "clear-screen" }
  | { readonly type: "suspend" };

/** What a person should see. */
export interface EditorView {
  readonly text: string;
  readonly cursor: number;
  /** Stands before the text instead of the label while the history is searched. */
  readonly searching?: { readonly words: string; readonly isLost: boolean };
  readonly hint?: string;
  /** The candidates that Tab goes through. */
  readonly choice?: { readonly candidates: readonly Candidate[]; readonly chosen: number };
}

interface Search {
  readonly words: string;
  readonly match: HistoryMatch | undefined;
  /** What was being written before. */
  readonly draft: string;
  readonly draftCursor: number;
}

interface Choice extends Completion {
  /** None while only what all have in common stands there. */
  readonly chosen: number;
  readonly original: string;
  readonly to: number;
}

/** Nobody searches for more; a paste may be longer. */
const longestSearch = 200;

/** The line editor without its terminal: keys in, outcomes and a view out. */
export class LineEditor {
  readonly #options: LineEditorOptions;
  readonly #buffer = new LineBuffer();
  #search: Search | undefined;
  #choice: Choice | undefined;
  #asking: AbortController | undefined;

  constructor(options: LineEditorOptions) {
    this.#options = options;
  }

  get text(): string {
    return this.#buffer.text;
  }

  get view(): EditorView {
    const { text, cursor } = this.#buffer;
    if (this.#search !== undefined) {
      const { words, match } = this.#search;
      return { text, cursor, searching: { words, isLost: words !== "" && match === undefined } };
    }
    if (this.#choice !== undefined) {
      const { candidates, chosen } = this.#choice;
      return { text, cursor, choice: { candidates, chosen } };
    }
    const hint = this.#options.aids.hint(text, cursor);
    return hint === undefined ? { text, cursor } : { text, cursor, hint };
  }

  /** Stands before what is being written. */
  prefill(text: string): void {
    this.#leaveModes();
    this.#buffer.replace(text + this.#buffer.text);
  }

  receive(event: KeyEvent): EditorOutcome | undefined {
    if (this.#search !== undefined) return this.#searchWith(event, this.#search);
    if (event.type === "key" && (event.name === "complete" || event.name === "complete-back")) {
      this.#complete(event.name === "complete" ? 1 : -1);
      return undefined;
    }
    const wasChoosing = this.#choice;
    this.#leaveModes();
    if (event.type !== "key") {
      this.#buffer.insert(event.type === "paste" ? this.#toPasted(event.text) : event.text);
      return undefined;
    }
    if (wasChoosing !== undefined && (event.name === "escape" || event.name === "cancel")) {
      this.#put(wasChoosing, wasChoosing.original);
      return undefined;
    }
    return this.#buffer.press(event.name) ? undefined : this.#press(event.name);
  }

  #press(name: KeyName): EditorOutcome | undefined {
    const { history } = this.#options;
    switch (name) {
      case "enter":
        return this.#enter();
      case "up":
        this.#recall(history.older(this.#buffer.text));
        return undefined;
      case "down":
        this.#recall(history.newer());
        return undefined;
      case "search":
        this.#startSearch();
        return undefined;
      case "interrupt":
        return { type: "interrupt", hadText: this.#clear() !== "" };
      case "cancel":
        this.#clear();
        return undefined;
      case "end-of-input":
        if (this.#buffer.text === "") return { type: "end" };
        this.#buffer.press("delete");
        return undefined;
      case "clear-screen":
      case "suspend":
        return { type: name };
      default:
        return undefined;
    }
  }

  /** A backslash at the end of the line asks for another line. */
  #enter(): EditorOutcome | undefined {
    const { text, cursor } = this.#buffer;
    if (cursor === text.length && text.endsWith("\\")) {
      this.#buffer.press("backspace");
      this.#buffer.press("newline");
      return undefined;
    }
    this.#clear();
    return text.trim() === "" ? undefined : { type: "entered", text };
  }

  #toPasted(text: string): string {
    const before = this.#buffer.text.slice(0, this.#buffer.cursor);
    return this.#options.aids.paste(text, before);
  }

  #clear(): string {
    const { text } = this.#buffer;
    this.#buffer.replace("");
    this.#options.history.leave();
    return text;
  }

  #recall(text: string | undefined): void {
    if (text !== undefined) this.#buffer.replace(text);
  }

  #startSearch(): void {
    const { text, cursor } = this.#buffer;
    this.#search = { words: "", match: undefined, draft: text, draftCursor: cursor };
  }

  #searchWith(event: KeyEvent, search: Search): EditorOutcome | undefined {
    if (event.type !== "key") {
      this.#searchFor(search.words + event.text.replaceAll("\n", " "), search);
      return undefined;
    }
    switch (event.name) {
      case "search":
        this.#searchFor(search.words, search, search.match?.place);
        return undefined;
      case "backspace":
        this.#searchFor(search.words.slice(0, -lastLength(search.words)), search);
        return undefined;
      case "interrupt":
      case "cancel":
        this.#search = undefined;
        this.#buffer.replace(search.draft, search.draftCursor);
        return undefined;
      case "escape":
      case "complete":
        this.#search = undefined;
        return undefined;
      default:
        // Any other key takes what was found and does what it does.
        this.#search = undefined;
        return this.receive(event);
    }
  }

  /** What is found first is shown; when nothing more is found, the last stays. */
  #searchFor(typed: string, search: Search, before?: number): void {
    const words = typed.slice(0, longestSearch);
    const found = words === "" ? undefined : this.#options.history.search(words, before);
    const isOlder = before !== undefined;
    const match = found ?? (isOlder ? search.match : undefined);
    this.#search = { ...search, words, match };
    if (match !== undefined) this.#buffer.replace(match.text, match.at);
    else this.#buffer.replace(search.draft, search.draftCursor);
  }

  #complete(step: 1 | -1): void {
    if (this.#choice !== undefined) return this.#choose(this.#choice, step);
    if (this.#asking !== undefined) return;
    const asking = new AbortController();
    this.#asking = asking;
    void this.#ask(asking, step);
  }

  async #ask(asking: AbortController, step: 1 | -1): Promise<void> {
    const { text, cursor } = this.#buffer;
    const completion = await this.#options.aids
      .complete(text, cursor, asking.signal)
      .catch((error: unknown) => {
        if (!asking.signal.aborted) throw error;
        return undefined;
      });
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    if (completion === undefined || completion.candidates.length === 0) return;
    this.#take(completion, step);
    this.#options.onChange();
  }

  /** What is clear is put there at once; where there is a choice, the next Tab begins to go through it. */
  #take(completion: Completion, step: 1 | -1): void {
    const { text, cursor } = this.#buffer;
    const { from, candidates } = completion;
    const choice = { ...completion, chosen: -1, original: text.slice(from, cursor), to: cursor };
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) {
      this.#put(choice, only.text + (only.isOpen === true ? "" : " "));
      return;
    }
    const start = commonStart(candidates);
    if (start.length > choice.original.length && start.startsWith(choice.original)) {
      this.#choice = { ...choice, to: this.#put(choice, start) };
      return;
    }
    this.#choose(choice, step);
  }

  #choose(choice: Choice, step: 1 | -1): void {
    const count = choice.candidates.length;
    const chosen = choice.chosen === -1 && step === -1 ? count - 1 : (choice.chosen + step + count) % count;
    const text = choice.candidates[chosen]?.text ?? "";
    this.#choice = { ...choice, chosen, to: this.#put(choice, text) };
  }

  /** Returns where it ends. */
  #put({ from, to }: Pick<Choice, "from" | "to">, text: string): number {
    const all = this.#buffer.text;
    const end = from + text.length;
    this.#buffer.replace(all.slice(0, from) + text + all.slice(to), end);
    return end;
  }

  #leaveModes(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#choice = undefined;
    this.#search = undefined;
  }
}

/** Of the last character. */
function lastLength(text: string): number {
  const segments = [...new Intl.Segmenter().segment(text)];
  return segments.at(-1)?.segment.length ?? text.length;
}
