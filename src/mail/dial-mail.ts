import { dialChecked } from "../egress/dial.ts";
import type { MailPlace } from "./mail-server.ts";

/** The owner's server, at one address of its name after the other until one answers: `dial` opens the connection. */
export async function dialMail<T>(
  { server: { host: name, port }, lookup }: MailPlace,
  signal: AbortSignal,
  dial: (address: string) => Promise<T>,
): Promise<T> {
  const host = name.toLowerCase();
  const guard = {
    allow: (asked: string, at: number) => asked === host && at === port,
    // The owner named the server: it may stand in his own network. Whoever stands there instead has no certificate for it.
    allowsAddress: () => true,
    ...(lookup === undefined ? {} : { lookup }),
  };
  return await dialChecked({ host, port }, guard, signal, dial);
}
