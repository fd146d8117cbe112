/** What lies between a chat and a model: of each message the milliseconds until the model is asked, and from there to the answer's being sent. */
export interface Share {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export interface Sharing {
  /** Says it, and resolves with when it was answered. */
  readonly say: (text: string) => Promise<number>;
  /** When the model was asked last. */
  readonly askedAt: () => number;
}

/** One message after the other, each when the one before it was answered; of all in turn, so that what the machine does meets all alike. */
export async function measureShares(all: readonly Sharing[], rounds: number): Promise<readonly Share[]> {
  const shares = all.map(() => ({ before: [] as number[], after: [] as number[] }));
  for (let round = -3; round < rounds; round++) {
    for (const [index, { say, askedAt }] of all.entries()) {
      const began = performance.now();
      const sentAt = await say(`message ${round}`);
      if (round < 0) continue;
      shares[index]?.before.push(askedAt() - began);
      shares[index]?.after.push(sentAt - askedAt());
    }
  }
  return shares;
}

export function toWhole({ before, after }: Share): readonly number[] {
  return before.map((ms, at) => ms + (after[at] ?? Number.NaN));
}
