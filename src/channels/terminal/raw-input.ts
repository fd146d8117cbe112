/* oxlint-disable no-restricted-properties -- loaded for a person at a terminal only, who does not notice 6 ms */
import { writeSync } from "node:fs";
import { type KeyEvent, KeyParser } from "./keys.ts";

const bracketedPasteOn = "\u001b[?2004h";
/** A terminal sends the rest of a sequence at once; a person is slower, also over a network. */
const escapeMs = 60;
const bracketedPasteOff = "\u001b[?2004l";

/**
 * The keyboard in raw mode, as events, for as long as it is not disposed. However the process ends, short of SIGKILL,
 * the terminal is put back as it was. Only one may be open at a time.
 */
export class RawInput implements Disposable {
  readonly #onEvent: (event: KeyEvent) => void;
  readonly #onEnd: () => void;
  readonly #onResume: () => void;
  readonly #parser = new KeyParser();
  readonly #restore = (): void => this.#leaveRawMode();
  /** A shell that brings us back has set the terminal to its own liking. */
  readonly #resume = (): void => {
    this.#enterRawMode();
    this.#onResume();
  };
  #isRaw = false;
  #escape: ReturnType<typeof setTimeout> | undefined;

  constructor(onEvent: (event: KeyEvent) => void, onEnd: () => void, onResume: () => void = () => {}) {
    this.#onResume = onResume;
    this.#onEvent = onEvent;
    this.#onEnd = onEnd;
    process.stdin.on("data", this.#read);
    process.stdin.on("end", this.#onEnd);
    process.stdin.on("error", this.#onEnd);
    process.on("exit", this.#restore);
    process.on("SIGCONT", this.#resume);
    this.#enterRawMode();
    process.stdin.resume();
  }

  /** Stops the process as Ctrl-Z does elsewhere. Where no shell could wake it, the kernel lets it run on. */
  suspend(): void {
    this.#leaveRawMode();
    process.kill(process.pid, "SIGTSTP");
    this.#enterRawMode();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#escape);
    process.off("exit", this.#restore);
    process.off("SIGCONT", this.#resume);
    process.stdin.off("data", this.#read);
    process.stdin.off("end", this.#onEnd);
    process.stdin.off("error", this.#onEnd);
    process.stdin.pause();
    this.#leaveRawMode();
  }

  readonly #read = (chunk: Buffer): void => {
    clearTimeout(this.#escape);
    for (const event of this.#parser.push(chunk)) this.#onEvent(event);
    if (this.#parser.hasLoneEscape) this.#escape = setTimeout(this.#endEscape, escapeMs);
  };

  readonly #endEscape = (): void => {
    for (const event of this.#parser.endEscape()) this.#onEvent(event);
  };

  #enterRawMode(): void {
    process.stdin.setRawMode(true);
    this.#isRaw = true;
    tell(bracketedPasteOn);
  }

  #leaveRawMode(): void {
    if (!this.#isRaw) return;
    this.#isRaw = false;
    tell(bracketedPasteOff);
    try {
      process.stdin.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
  }
}

/** At once, so that it is said also while the process exits. */
function tell(sequence: string): void {
  try {
    writeSync(1, sequence);
  } catch {
    // The terminal is gone, or is busy and will do without.
  }
}
