import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { MailServer } from "../../mail/mail-server.ts";
import type { MailPace } from "./pace.ts";

/** A connection to a server that takes mails, over TLS alone. Whoever opens it disposes it. */
export interface SmtpTalk extends Disposable {
  /** Says something and waits for the answer. Rejects when none came within so many milliseconds, or the connection is over. */
  step(ms: number, say: (connection: SMTPConnection, done: Done) => void): Promise<void>;
  /** Says good bye; what is answered to that is of no consequence. */
  quit(): void;
}

type Done = (error?: Error | null) => void;

export interface SmtpPlace {
  readonly server: MailServer;
  /** Of the server's name, as it was checked. */
  readonly address: string;
  readonly authority: { readonly ca?: string };
}

/** Rejects with what nodemailer says of it. Nobody is logged in yet. */
export async function openSmtp(
  { server, address, authority }: SmtpPlace,
  { answerMs, takenMs }: MailPace,
  signal: AbortSignal,
): Promise<SmtpTalk> {
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  const connection = new Connection({
    host: address,
    port: server.port,
    secure: server.isTls,
    requireTLS: true,
    tls: { servername: server.host, ...authority },
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    // Of a mail that goes slowly each part counts anew.
    socketTimeout: takenMs,
    logger: false,
  });
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {});
  const abort = (): void => over.reject(signal.reason);
  connection.on("error", (error: Error) => over.reject(error));
  connection.on("end", () => over.reject(toFailure("The connection ended.", "ECONNECTION")));
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const talk: SmtpTalk = {
    async step(ms, say) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(toFailure("No answer came in time.", "ETIMEDOUT")), ms);
      say(connection, (error) => (error instanceof Error ? reject(error) : resolve()));
      try {
        await Promise.race([promise, over.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    quit: () => connection.quit(),
    [Symbol.dispose]() {
      signal.removeEventListener("abort", abort);
      over.reject(toFailure("The connection was closed.", "ECONNECTION"));
      connection.close();
    },
  };
  try {
    await talk.step(answerMs, (opening, done) => opening.connect(done));
    return talk;
  } catch (error) {
    talk[Symbol.dispose]();
    throw toReason(error);
  }
}

/** As the system says it, where nodemailer calls all of it `ESOCKET`: only so it is told that the next address may answer. */
function toReason(error: unknown): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, "originalCode") : undefined;
  return error instanceof Error && typeof code === "string" ? Object.assign(error, { code }) : error;
}

function toFailure(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
