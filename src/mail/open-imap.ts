import type { ImapFlow } from "imapflow";
import { AppError, systemCode } from "../errors.ts";
import { emailWords } from "../words/english/email.ts";
import { dialMail } from "./dial-mail.ts";
import type { MailPlace } from "./mail-server.ts";
import { readAuthority } from "./read-authority.ts";
import { untilClosed } from "./until-closed.ts";

const connectMs = 20_000;
/** With all that is said until the mailboxes may be asked for. */
const openMs = 45_000;
const usualSilenceMs = 60_000;
/** What a server may say at once: a text that we asked for, or the list of a message's parts. */
const longestLine = 2_000_000;
const largestLiteral = 40_000_000;
/** A password that is refused does not get better by itself: asked for once a minute. */
const refusedMs = 60_000;

/**
 * A connection that is logged in, over TLS alone. Throws `AppError`. Whoever opens it closes it. `silentMs`: a command of which
 * nothing was heard for so long has lost its connection.
 */
export async function openImap(
  place: MailPlace,
  signal: AbortSignal,
  silentMs = usualSilenceMs,
): Promise<ImapFlow> {
  const { server, caFile } = place;
  const { host, port } = server;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(openMs)]);
  const [{ ImapFlow: Client }, authority] = await Promise.all([import("imapflow"), readAuthority(caFile)]);
  try {
    return await dialMail(place, limit, async (address) => {
      const client = new Client({
        host: address,
        port,
        secure: server.isTls,
        ...(server.isTls ? {} : { doSTARTTLS: true }),
        servername: host,
        auth: { user: server.user, pass: server.password.open() },
        tls: authority,
        logger: false,
        disableAutoIdle: true,
        connectionTimeout: connectMs,
        greetingTimeout: connectMs,
        socketTimeout: silentMs,
        maxLineLength: longestLine,
        maxLiteralSize: largestLiteral,
        maxResponseSize: largestLiteral + longestLine,
      });
      // Without a listener a lost connection would end the program; who waits on it hears of it by its close.
      client.on("error", () => {});
      const abort = (): void => client.close();
      limit.addEventListener("abort", abort, { once: true });
      try {
        await untilClosed(client, client.connect());
        return client;
      } catch (error) {
        client.close();
        throw error;
      } finally {
        limit.removeEventListener("abort", abort);
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    throw toImapError(error, host);
  }
}

/** Its folder, as it is asked for from then on. Throws `AppError`. */
export async function openFolder(
  client: ImapFlow,
  path: string,
  options: { readonly readOnly?: boolean } = {},
): Promise<void> {
  if (!client.usable) throw new AppError("network", emailWords.connectionLost());
  await untilClosed(client, client.mailboxOpen(path, { ...options }));
}

/** Why a server is not served, in words that name it. */
export function toImapError(error: unknown, host: string): AppError {
  if (error instanceof AppError) return error;
  const code = systemCode(error) ?? "";
  if (field(error, "authenticationFailed") === true) {
    const reason = text(field(error, "responseText")) || "no reason given";
    return new AppError("config", emailWords.passwordRefused({ host, reason }), { retryAfterMs: refusedMs });
  }
  if (isCertificateProblem(code)) {
    return new AppError("config", emailWords.untrusted({ host, reason: code }), { retryAfterMs: refusedMs });
  }
  if (/STARTTLS|upgrade/i.test(text(field(error, "message")))) {
    return new AppError("config", emailWords.noTls({ host }), { retryAfterMs: refusedMs });
  }
  const reason = text(field(error, "responseText")) || code || "the connection was lost";
  return new AppError("network", emailWords.notReached({ host, reason }), { cause: error });
}

export function isCertificateProblem(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|DEPTH_/.test(code);
}

function field(error: unknown, name: string): unknown {
  if (typeof error !== "object" || error === null) return undefined;
  return name in error ? Reflect.get(error, name) : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 200) : "";
}
