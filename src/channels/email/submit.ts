import { Readable } from "node:stream";
import { dialChecked } from "../../egress/dial.ts";
import { AppError, explain, systemCode } from "../../errors.ts";
import { emailWords } from "../../words/english/email.ts";
import type { SendResult } from "../channel.ts";
import type { MailServer } from "../../mail/mail-server.ts";
import { isCertificateProblem } from "../../mail/open-imap.ts";
import { readAuthority } from "../../mail/read-authority.ts";

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

const answerMs = 30_000;
const wholeMs = 180_000;
const refusedMs = 60_000;

interface Session {
  /** The bytes of the mail were asked for: from then on it may have been taken. */
  hasBegun: boolean;
}

/** Hands a mail to the owner's server; what became of it is known unless the last answer is lost. Never rejects. */
export async function submitMail(
  { server, caFile }: { readonly server: MailServer; readonly caFile: string },
  envelope: Envelope,
  source: Uint8Array,
  signal: AbortSignal,
): Promise<SendResult> {
  const session: Session = { hasBegun: false };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]);
  try {
    const host = server.host.toLowerCase();
    const guard = {
      allow: (name: string, port: number) => name === host && port === server.port,
      // The owner named the server: it may stand in his own network.
      allowsAddress: () => true,
    };
    const authority = await readAuthority(caFile);
    limit.throwIfAborted();
    await dialChecked({ host, port: server.port }, guard, limit, (address) =>
      speak({ server, address, authority, envelope, source, session }, limit),
    );
    return { type: "sent" };
  } catch (error) {
    return toResult(error, server.host, session);
  }
}

/** Whether the server takes our name and password. Throws `AppError`. */
export async function checkSubmission(
  { server, caFile }: { readonly server: MailServer; readonly caFile: string },
  signal: AbortSignal,
): Promise<void> {
  const session: Session = { hasBegun: false };
  const host = server.host.toLowerCase();
  const guard = { allow: () => true, allowsAddress: () => true };
  try {
    const authority = await readAuthority(caFile);
    await dialChecked({ host, port: server.port }, guard, signal, (address) =>
      speak({ server, address, authority, session }, signal),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw toSubmitError(error, server.host);
  }
}

interface Talk {
  readonly server: MailServer;
  readonly address: string;
  readonly authority: { readonly ca?: string };
  readonly session: Session;
  /** Without both it is only logged in. */
  readonly envelope?: Envelope;
  readonly source?: Uint8Array;
}

async function speak(
  { server, address, authority, session, envelope, source }: Talk,
  signal: AbortSignal,
): Promise<void> {
  const { default: SMTPConnection } = await import("nodemailer/lib/smtp-connection");
  const connection = new SMTPConnection({
    host: address,
    port: server.port,
    secure: server.isTls,
    requireTLS: true,
    tls: { servername: server.host, ...authority },
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    socketTimeout: answerMs,
    logger: false,
  });
  const failed = Promise.withResolvers<never>();
  const abort = (): void => failed.reject(signal.reason);
  connection.on("error", (error: Error) => failed.reject(error));
  connection.on("end", () =>
    failed.reject(Object.assign(new Error("The connection ended."), { code: "ECONNECTION" })),
  );
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  failed.promise.catch(() => {});
  const step = async (begin: (done: (error?: Error | null) => void) => void): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    begin((error) => (error instanceof Error ? reject(error) : resolve()));
    await Promise.race([promise, failed.promise]);
  };
  try {
    await step((done) => connection.connect(done));
    await step((done) => connection.login({ user: server.user, pass: server.password.open() }, done));
    if (envelope !== undefined && source !== undefined) {
      const body = Readable.from(readOnce(source, session), { objectMode: false });
      await step((done) => connection.send({ from: envelope.from, to: [envelope.to] }, body, done));
    }
    connection.quit();
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function* readOnce(source: Uint8Array, session: Session): AsyncGenerator<Buffer> {
  session.hasBegun = true;
  yield Buffer.from(source.buffer, source.byteOffset, source.byteLength);
}

/** What the server said decides; where it said nothing, whether the mail had begun to leave. */
function toResult(error: unknown, host: string, { hasBegun }: Session): SendResult {
  const code = toNumber(error, "responseCode");
  const said = toSaid(error);
  if (code !== undefined && systemCode(error) !== "EAUTH") {
    // It does not say for how long: the outbox asks less and less often.
    return { type: code >= 500 ? "refused" : "not-sent", reason: said };
  }
  const reason = explain(toSubmitError(error, host)).message;
  if (systemCode(error) === "EAUTH") return { type: "wait", ms: refusedMs, scope: "account", reason };
  return { type: hasBegun ? "unknown" : "not-sent", reason };
}

function toSubmitError(error: unknown, host: string): AppError {
  if (error instanceof AppError) return error;
  const code = systemCode(error) ?? "";
  const cause = toText(error, "originalCode") || code;
  if (isCertificateProblem(cause))
    return new AppError("config", emailWords.untrusted({ host, reason: cause }));
  if (code === "EAUTH")
    return new AppError("config", emailWords.passwordRefused({ host, reason: toSaid(error) }));
  if (code === "ETLS") return new AppError("config", emailWords.noTls({ host }));
  return new AppError("network", emailWords.notReached({ host, reason: cause || "no answer came in time" }));
}

/** What the server said, without line ends. */
function toSaid(error: unknown): string {
  return (toText(error, "response") || "no reason given").replace(/\s+/g, " ").slice(0, 200);
}

function toText(error: unknown, name: string): string {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === "string" ? value : "";
}

function toNumber(error: unknown, name: string): number | undefined {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === "number" ? value : undefined;
}
