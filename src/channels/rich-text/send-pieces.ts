import type { SendResult } from "../channel.ts";
import type { Formatted } from "./entities.ts";

export interface PiecePlace {
  readonly index: number;
  readonly isLast: boolean;
}

/** One message after the other; what came of the first that did not arrive, else of the first of all, which is the one that is answered. */
export async function sendPieces(
  pieces: readonly Formatted[],
  send: (piece: Formatted, place: PiecePlace) => Promise<SendResult>,
): Promise<SendResult> {
  let first: SendResult | undefined;
  for (const [index, piece] of pieces.entries()) {
    const result = await send(piece, { index, isLast: index === pieces.length - 1 });
    if (result.type !== "sent") return result;
    first ??= result;
  }
  return first ?? { type: "refused", reason: "there is nothing to send" };
}
