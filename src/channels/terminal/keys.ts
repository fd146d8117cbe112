/* oxlint-disable no-control-regex -- control characters are what keys are made of */

/** What a person did at the keyboard. */
export type KeyEvent =
  | { readonly type: "text"; readonly text: string }
  /** Came as one piece: line breaks in it are text, not Enter. */
  | { readonly type: "paste"; readonly text: string }
  | { readonly type: "key"; readonly name: KeyName };

export type KeyName =
  | "enter"
  | "newline"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "word-left"
  | "word-right"
  | "delete-word"
  | "delete-word-right"
  | "delete-to-start"
  | "delete-to-end"
  | "transpose"
  | "clear-screen"
  | "interrupt"
  | "end-of-input"
  | "suspend"
  | "cancel"
  | "escape"
  | "yank"
  | "search"
  | "complete"
  | "complete-back";

const pasteStart = "\u001b[200~";
const pasteEnd = "\u001b[201~";
/** Far more than any message; what comes behind it is dropped. */
const maxPasteLength = 16 * 1024 * 1024;

/** Turns bytes of a terminal in raw mode into events; a character, a sequence or a paste may span chunks. */
export class KeyParser {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #paste: Paste | undefined;

  /** An escape has come and nothing behind it: a key of its own, if nothing follows soon. */
  get hasLoneEscape(): boolean {
    return this.#rest === "\u001b" && this.#paste === undefined;
  }

  push(bytes: Uint8Array): KeyEvent[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const events: KeyEvent[] = [];
    for (;;) {
      const event = this.#paste === undefined ? this.#readKey() : this.#readPaste(this.#paste);
      if (event === "more") return events;
      if (event !== "ignored") events.push(event);
    }
  }

  /** Nothing followed. */
  endEscape(): KeyEvent[] {
    if (!this.hasLoneEscape) return [];
    this.#rest = "";
    return [{ type: "key", name: "escape" }];
  }

  /** Only the end of what came before is looked at again: the mark may span chunks. */
  #readPaste(paste: Paste): KeyEvent | "more" {
    const end = this.#rest.indexOf(pasteEnd);
    const kept = end === -1 ? Math.max(0, this.#rest.length - pasteEnd.length + 1) : end;
    if (paste.length < maxPasteLength) paste.pieces.push(this.#rest.slice(0, kept));
    paste.length += kept;
    if (end === -1) {
      this.#rest = this.#rest.slice(kept);
      return "more";
    }
    this.#paste = undefined;
    this.#rest = this.#rest.slice(end + pasteEnd.length);
    return { type: "paste", text: toPastedText(paste.pieces.join("")) };
  }

  #readKey(): KeyEvent | "more" | "ignored" {
    const rest = this.#rest;
    if (rest === "") return "more";
    if (rest.startsWith(pasteStart)) {
      this.#rest = rest.slice(pasteStart.length);
      this.#paste = { pieces: [], length: 0 };
      return "ignored";
    }
    if (rest.startsWith("\u001b")) return this.#readSequence(rest);
    const text = /^[^\u0000-\u001f\u007f]+/.exec(rest)?.[0];
    if (text !== undefined) {
      this.#rest = rest.slice(text.length);
      return { type: "text", text };
    }
    this.#rest = rest.slice(1);
    return toKey(controlKeys[rest.charAt(0)]);
  }

  #readSequence(rest: string): KeyEvent | "more" | "ignored" {
    // The second one may begin a sequence.
    const pattern = /^\u001b(?:\[[0-?]*[ -/]*[@-~]|O[A-Za-z]|(?=\u001b)|[^[O\u001b])/su;
    const sequence = pattern.exec(rest)?.[0];
    if (sequence === undefined) {
      // Not yet whole, unless it is longer than any key's.
      if (rest.length < 32) return "more";
      this.#rest = rest.slice(1);
      return "ignored";
    }
    this.#rest = rest.slice(sequence.length);
    return toKey(sequenceKeys[sequence.slice(1)]);
  }
}

interface Paste {
  readonly pieces: string[];
  length: number;
}

function toKey(name: KeyName | undefined): KeyEvent | "ignored" {
  return name === undefined ? "ignored" : { type: "key", name };
}

/** Line breaks as ours; of the other controls only the tab is text. */
function toPastedText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
    .toWellFormed();
}

const controlKeys: Readonly<Record<string, KeyName>> = {
  "\r": "enter",
  "\n": "enter",
  "\u007f": "backspace",
  "\b": "backspace",
  "\u0001": "home",
  "\u0002": "left",
  "\u0003": "interrupt",
  "\u0004": "end-of-input",
  "\u0005": "end",
  "\u0006": "right",
  "\u000b": "delete-to-end",
  "\u000c": "clear-screen",
  "\u000e": "down",
  "\u0010": "up",
  "\t": "complete",
  "\u0012": "search",
  "\u0014": "transpose",
  "\u0015": "delete-to-start",
  "\u0017": "delete-word",
  "\u0019": "yank",
  "\u001a": "suspend",
  "\u0007": "cancel",
};

/** Without the leading escape. */
const sequenceKeys: Readonly<Record<string, KeyName>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[3~": "delete",
  "[Z": "complete-back",
  "[4~": "end",
  "[7~": "home",
  "[8~": "end",
  "[1;5C": "word-right",
  "[1;5D": "word-left",
  "[1;3C": "word-right",
  "[1;3D": "word-left",
  "[3;5~": "delete-word-right",
  "[3;3~": "delete-word-right",
  b: "word-left",
  f: "word-right",
  d: "delete-word-right",
  "\r": "newline",
  "\n": "newline",
  "\u007f": "delete-word",
  "\b": "delete-word",
  "": "escape",
  "[13;2u": "newline",
  "[27;2;13~": "newline",
};
