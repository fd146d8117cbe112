import type { FetchMessageObject, FetchQueryObject, ImapFlow } from "imapflow";
import { AppError } from "../errors.ts";
import { untilClosed } from "./until-closed.ts";
import { emailWords } from "../words/english/email.ts";

/** Of the mailbox that is open. Undefined: there is no such mail any more. Throws when the connection is none any more. */
export async function fetchMail(
  client: ImapFlow,
  uid: number,
  query: FetchQueryObject,
): Promise<FetchMessageObject | undefined> {
  const found = await untilClosed(
    client,
    client.fetchOne(String(uid), { ...query, uid: true }, { uid: true }),
  );
  if (found === undefined) throw new AppError("network", emailWords.connectionLost());
  return found === false ? undefined : found;
}
