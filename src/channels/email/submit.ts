import { Readable } from "node:stream";
import { AppError, explain, systemCode } from "../../errors.ts";
import { emailWords } from "../../words/english/email.ts";
import type { SendResult } from "../channel.ts";
import { dialMail } from "../../mail/dial-mail.ts";
import type { MailPlace } from "../../mail/mail-server.ts";
import { isCertificateProblem } from "../../mail/open-imap.ts";
import { readAuthority } from "../../mail/read-authority.ts";
import { openSmtp, type SmtpTalk } from "./open-smtp.ts";
import { usualPace, type MailPace } from "./pace.ts";

export interface WholeMail {
  readonly from: string;
  readonly to: string;
  readonly source: Uint8Array;
}

/** The largest that is sent, over a line of a megabit, and the last answer. */
const wholeMs = 1_200_000;
const refusedMs = 60_000;
const pieceBytes = 64 * 1024;

interface Session {
  /** All bytes of the mail were handed over: from then on it may have been taken. Without its end no server takes one. */
  isWhole: boolean;
}

/** Hands a mail to the owner's server; what became of it is known unless the last answer is lost. Never rejects. */
export async function submitMail(
  place: MailPlace,
  mail: WholeMail,
  pace: MailPace,
  signal: AbortSignal,
): Promise<SendResult> {
  const session: Session = { isWhole: false };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]);
  try {
    using talk = await logIn(place, pace, limit);
    await send(talk, mail, session, pace);
    talk.quit();
    return { type: "sent" };
  } catch (error) {
    return toResult(error, place.server.host, session);
  }
}

/** Whether the server takes our name and password. Throws `AppError`. */
export async function checkSubmission(place: MailPlace, signal: AbortSignal): Promise<void> {
  try {
    using talk = await logIn(place, usualPace, signal);
    talk.quit();
  } catch (error) {
    signal.throwIfAborted();
    throw toSubmitError(error, place.server.host);
  }
}

async function logIn(place: MailPlace, pace: MailPace, signal: AbortSignal): Promise<SmtpTalk> {
  const { server, caFile } = place;
  const authority = await readAuthority(caFile);
  signal.throwIfAborted();
  const talk = await dialMail(place, signal, (address) =>
    openSmtp({ server, address, authority }, pace, signal),
  );
  try {
    const proof = { user: server.user, pass: server.password.open() };
    await talk.step(pace.answerMs, (connection, done) => connection.login(proof, done));
    return talk;
  } catch (error) {
    talk[Symbol.dispose]();
    throw error;
  }
}

async function send(
  talk: SmtpTalk,
  { from, to, source }: WholeMail,
  session: Session,
  { answerMs }: MailPace,
): Promise<void> {
  let begin = (): void => {};
  // Who may send to whom is answered soon; what becomes of the mail may take its time.
  const asked = talk.step(answerMs, (_connection, done) => {
    begin = done;
  });
  const body = Readable.from(readOnce(source, session, begin), { objectMode: false });
  const taken = talk.step(wholeMs, (connection, done) => connection.send({ from, to: [to] }, body, done));
  await Promise.race([taken, asked]);
  await taken;
}

async function* readOnce(source: Uint8Array, session: Session, begin: () => void): AsyncGenerator<Buffer> {
  begin();
  for (let from = 0; from < source.length; from += pieceBytes)
    yield Buffer.from(source.subarray(from, from + pieceBytes));
  session.isWhole = true;
}

/** What the server said decides; where it said nothing, whether the mail had begun to leave. */
function toResult(error: unknown, host: string, { isWhole }: Session): SendResult {
  const code = toNumber(error, "responseCode");
  const said = toSaid(error);
  if (code !== undefined && systemCode(error) !== "EAUTH") {
    // It does not say for how long: the outbox asks less and less often.
    return { type: code >= 500 ? "refused" : "not-sent", reason: said };
  }
  const reason = explain(toSubmitError(error, host)).message;
  if (systemCode(error) === "EAUTH") return { type: "wait", ms: refusedMs, scope: "account", reason };
  return { type: isWhole ? "unknown" : "not-sent", reason };
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
