import { sanitizeLine } from "../sanitize.ts";
import { clipText } from "./width.ts";

interface RunningCall {
  readonly title: string;
  readonly startedAt: number;
  progress: string;
}

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const frameMs = 100;
/** Of thoughts only the end is ever shown. */
const keptThought = 400;
/** A rough measure, good enough for a number that moves. */
const charactersPerToken = 4;

/** What goes on, as one line for who waits. Sanitises what it is told. */
export class Activity {
  readonly #startedAt: number;
  readonly #calls = new Map<string, RunningCall>();
  #thought = "";
  #characters = 0;
  #tokens = 0;
  #retry: { readonly at: number; readonly reason: string } | undefined;

  constructor(now: number) {
    this.#startedAt = now;
  }

  /** Text or thoughts of the model. */
  receive(text: string): void {
    this.#characters += text.length;
    this.#retry = undefined;
  }

  think(text: string): void {
    this.receive(text);
    this.#thought = (this.#thought + text).slice(-keptThought);
  }

  /** A message is whole: what it cost is known, and its thoughts are over. */
  endMessage(outputTokens: number): void {
    this.#tokens += outputTokens > 0 ? outputTokens : Math.round(this.#characters / charactersPerToken);
    this.#characters = 0;
    this.#thought = "";
    this.#retry = undefined;
  }

  retryAt(at: number, reason: string): void {
    this.#retry = { at, reason: sanitizeLine(reason) };
  }

  startCall(callId: string, title: string, now: number): void {
    this.#calls.set(callId, { title: sanitizeLine(title), startedAt: now, progress: "" });
  }

  progress(callId: string, text: string): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) call.progress = sanitizeLine(text.slice(-keptThought));
  }

  endCall(callId: string): void {
    this.#calls.delete(callId);
  }

  line(now: number, columns: number): string {
    const frame = frames[Math.floor(now / frameMs) % frames.length] ?? "";
    const parts = this.#describe(now).filter((part) => part !== "");
    return clipText(`${frame} ${parts.join(" · ")}`, columns);
  }

  #describe(now: number): readonly string[] {
    const [call, ...others] = this.#calls.values();
    if (call !== undefined) {
      const titles = [call, ...others].map(({ title }) => title).join(", ");
      const what = others.length === 0 ? call.title : `${others.length + 1} at once: ${clipText(titles, 60)}`;
      return [what, formatSeconds(now - call.startedAt), others.length === 0 ? call.progress : ""];
    }
    const elapsed = formatSeconds(now - this.#startedAt);
    if (this.#retry !== undefined && this.#retry.at > now) {
      return [`Trying again in ${Math.ceil((this.#retry.at - now) / 1000)} s`, this.#retry.reason, elapsed];
    }
    const thought = sanitizeLine(this.#thought.slice(this.#thought.search(/[^\n]*$/)));
    return ["Thinking…", elapsed, this.#formatTokens(), thought];
  }

  #formatTokens(): string {
    const estimate = Math.round(this.#characters / charactersPerToken);
    const tokens = this.#tokens + estimate;
    if (tokens === 0) return "";
    const shown = tokens < 1000 ? String(tokens) : `${(tokens / 1000).toFixed(1)}k`;
    return `${estimate > 0 ? "~" : ""}${shown} tokens`;
  }
}

/** Nothing in the first second: it would only flicker. */
function formatSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return "";
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
