import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Socket, TCPSocketListener } from "bun";
import PostalMime, { type Email } from "postal-mime";
import { makeCertificateFor, type Certificate } from "../certificate.ts";
import { ImapSession } from "./imap-session.ts";
import { Mailbox } from "./mailbox.ts";
import { SmtpSession, type SmtpFault } from "./smtp-session.ts";

/** Made once for each process: it costs a program. */
let certificate: Certificate | undefined;

interface Line {
  readonly session: Disposable & { receive(bytes: Buffer): void };
  left: Buffer;
}

export interface SentMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly mail: Email;
}

/** One account of a mail server: IMAP and SMTP over TLS. What is handed in is seen in `sent`. */
export class FakeMailServer implements AsyncDisposable {
  readonly user = "nano@test.local";
  password = "the-password-of-the-mailbox";
  readonly folder = mkdtempSync(join(tmpdir(), "nanoclaw-fake-mail-"));
  readonly caFile = join(this.folder, "certificate.pem");
  readonly inbox = new Mailbox();
  readonly kept = new Mailbox();
  readonly sent: SentMail[] = [];
  readonly commands: string[] = [];
  readonly faults: SmtpFault[] = [];
  /** How often a password was shown to whom mails are handed in. */
  logins = 0;
  hasIdle = true;
  /** Whether the server keeps what it passes on, as the large ones do. */
  keepsSent = false;
  decide: () => SmtpFault | undefined = () => undefined;
  /** A mail was taken and nobody was told. */
  onLost: (mail: SentMail) => void = () => {};
  /** Throws to end the connection. */
  onCommand: (command: string) => void = () => {};
  readonly #sockets = new Set<Socket<Line>>();
  readonly #silent = new WeakSet<object>();
  #imap: TCPSocketListener<Line>;
  #smtp: TCPSocketListener<Line>;
  #pending: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  constructor() {
    certificate ??= makeCertificateFor("20200101000000Z", "20991231000000Z", "IP:127.0.0.1,DNS:localhost");
    writeFileSync(this.caFile, certificate.cert);
    this.#imap = this.#listen("imap", 0);
    this.#smtp = this.#listen("smtp", 0);
    this.inbox.onChange(() => this.#tell());
  }

  /** The part of the configuration that leads here. */
  get config(): Readonly<Record<string, string | number | boolean>> & {
    readonly imapHost: string;
    readonly imapPort: number;
    readonly imapUsername: string;
    readonly caFile: string;
  } {
    return {
      enabled: true,
      consentGranted: true,
      imapHost: "localhost",
      imapPort: this.#imap.port,
      imapUsername: this.user,
      smtpHost: "localhost",
      smtpPort: this.#smtp.port,
      smtpUseSsl: true,
      caFile: this.caFile,
    };
  }

  /** Somebody's mail arrives. */
  write({ from, text, id, subject = "Hello", headers = [] }: WrittenMail): number {
    const lines = [
      `From: ${from}`,
      `To: ${this.user}`,
      `Subject: ${subject}`,
      `Message-ID: <${id}>`,
      ...headers,
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit",
      "",
      text.replaceAll("\n", "\r\n"),
      "",
    ];
    return this.inbox.add(lines.join("\r\n")).uid;
  }

  isSeen(uid: number): boolean {
    return this.inbox.mails.find((mail) => mail.uid === uid)?.flags.has("\\Seen") === true;
  }

  textsTo(address: string): readonly string[] {
    return this.sent
      .filter(({ to }) => to.includes(address))
      .map(({ mail }) => (mail.text ?? "").replaceAll("\r\n", "\n").trimEnd());
  }

  fail(...faults: readonly SmtpFault[]): void {
    this.faults.push(...faults);
  }

  /** Resolves when it holds; looked at whenever something happens here. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const news = Promise.withResolvers<void>();
      this.#listeners.add(news.resolve);
      await news.promise;
      this.#listeners.delete(news.resolve);
    }
  }

  /** The connections that are open now stay so, and nothing is heard on them any more; the next ones speak. */
  fallSilent(): void {
    for (const socket of this.#sockets) this.#silent.add(socket);
  }

  disconnect(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async goAway(): Promise<void> {
    const ports = [this.#imap.port, this.#smtp.port] as const;
    this.#imap.stop(true);
    this.#smtp.stop(true);
    this.disconnect();
    this.comeBack = () => {
      this.#imap = this.#listen("imap", ports[0]);
      this.#smtp = this.#listen("smtp", ports[1]);
    };
    await Promise.resolve();
  }

  comeBack: () => void = () => {};

  async [Symbol.asyncDispose](): Promise<void> {
    this.#imap.stop(true);
    this.#smtp.stop(true);
    await this.#pending;
    rmSync(this.folder, { recursive: true, force: true });
  }

  #listen(kind: "imap" | "smtp", port: number): TCPSocketListener<Line> {
    return Bun.listen<Line>({
      hostname: "127.0.0.1",
      port,
      tls: certificate ?? {},
      socket: {
        open: (socket) => {
          this.#sockets.add(socket);
          const write = (bytes: Buffer): void => this.#write(socket, bytes);
          const line: Line = { session: { receive() {}, [Symbol.dispose]() {} }, left: Buffer.alloc(0) };
          socket.data = line;
          const session = kind === "imap" ? this.#openImap(write) : this.#openSmtp(write, () => socket.end());
          socket.data = { session, left: line.left };
          this.#flush(socket);
        },
        data: (socket, bytes) => {
          if (this.#silent.has(socket)) return;
          try {
            socket.data.session.receive(Buffer.from(bytes));
          } catch {
            socket.terminate();
          }
        },
        drain: (socket) => this.#flush(socket),
        close: (socket) => {
          this.#sockets.delete(socket);
          socket.data?.session[Symbol.dispose]();
        },
        error: () => {},
      },
    });
  }

  #write(socket: Socket<Line>, bytes: Buffer): void {
    if (this.#silent.has(socket)) return;
    socket.data.left = Buffer.concat([socket.data.left, bytes]);
    this.#flush(socket);
  }

  #flush(socket: Socket<Line>): void {
    const { left } = socket.data;
    if (left.length === 0) return;
    const written = socket.write(left);
    socket.data.left = left.subarray(Math.max(written, 0));
  }

  #openImap(write: (bytes: Buffer) => void): ImapSession {
    const heard = (command: string): void => {
      this.commands.push(command);
      this.onCommand(command);
      this.#tell();
    };
    return new ImapSession(
      {
        user: this.user,
        password: this.password,
        hasIdle: this.hasIdle,
        inbox: this.inbox,
        sent: this.kept,
        heard,
      },
      write,
    );
  }

  #openSmtp(write: (bytes: Buffer) => void, end: () => void): Line["session"] {
    const session = new SmtpSession(
      {
        user: this.user,
        password: this.password,
        onLogin: () => void (this.logins += 1),
        nextFault: () => this.faults.shift() ?? this.decide(),
        take: (envelope, source, isLost) => {
          if (this.keepsSent) this.kept.add(source);
          this.#pending = this.#pending.then(async () => {
            const sent = { ...envelope, mail: await PostalMime.parse(source) };
            this.sent.push(sent);
            if (isLost) this.onLost(sent);
            this.#tell();
          });
        },
      },
      write,
      end,
    );
    return { receive: (bytes) => session.receive(bytes), [Symbol.dispose]() {} };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export interface WrittenMail {
  readonly from: string;
  readonly text: string;
  /** Without its brackets. */
  readonly id: string;
  readonly subject?: string;
  readonly headers?: readonly string[];
}
