import type { ImapFlow } from "imapflow";
import { AppError } from "../errors.ts";
import { emailWords } from "../words/english/email.ts";

/** What a command brings, or that its connection was lost: not every command says so by itself. */
export async function untilClosed<T>(client: ImapFlow, work: Promise<T>): Promise<T> {
  const lost = Promise.withResolvers<never>();
  const onClose = (): void => lost.reject(new AppError("network", emailWords.connectionLost()));
  client.once("close", onClose);
  try {
    return await Promise.race([work, lost.promise]);
  } finally {
    client.off("close", onClose);
  }
}
