/** What could stand in the place of the text between `from` and the cursor. */
export interface Completion {
  readonly from: number;
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly text: string;
  /** What the person sees in the list; the text itself by default. */
  readonly shown?: string;
  /** A word about it. */
  readonly says?: string;
  /** It leads on to more, as a folder does: nothing is put behind it. */
  readonly isOpen?: boolean;
}

/** Helps a person write: what a line means, and how it could go on. */
export interface PromptAids {
  /** One quiet line below what is being written; asked at every key, so it answers at once. */
  hint(text: string, cursor: number): string | undefined;
  /** What is put there for a paste behind `before`: mostly itself. */
  paste(text: string, before: string): string;
  /** Asked with Tab. Rejects only with `signal.reason`: what cannot be found completes nothing. */
  complete(text: string, cursor: number, signal: AbortSignal): Promise<Completion | undefined>;
}

export const noAids: PromptAids = {
  hint: () => undefined,
  paste: (text) => text,
  complete: async () => undefined,
};

/** What all of them begin with. */
export function commonStart(candidates: readonly Candidate[]): string {
  const [first = "", ...others] = candidates.map(({ text }) => text);
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  return first
    .slice(0, length)
    .toWellFormed()
    .replace(/\uFFFD$/, "");
}
