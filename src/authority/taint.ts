/** What has happened to a piece of data or to those who read it. The bits only add up; the owner alone clears a folder's. */
export interface Taint {
  /** Content from anyone but the owner was seen: files of a chat, the network, standard input. */
  readonly sawUntrusted: boolean;
  /** Data was read that some reader of the destination could not have read. */
  readonly readPrivate: boolean;
}

export const clean: Taint = { sawUntrusted: false, readPrivate: false };

export function joinTaint(...taints: readonly Taint[]): Taint {
  return {
    sawUntrusted: taints.some((taint) => taint.sawUntrusted),
    readPrivate: taints.some((taint) => taint.readPrivate),
  };
}

const untrustedBit = 1;
const privateBit = 2;

/** As one integer, for a column. */
export function toTaintBits(taint: Taint): number {
  return (taint.sawUntrusted ? untrustedBit : 0) | (taint.readPrivate ? privateBit : 0);
}

export function parseTaintBits(bits: number): Taint {
  return {
    sawUntrusted: (bits & untrustedBit) !== 0,
    readPrivate: (bits & privateBit) !== 0,
  };
}
