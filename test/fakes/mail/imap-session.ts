import type { Mailbox, StoredMail } from "./mailbox.ts";

export interface ImapHost {
  readonly user: string;
  readonly password: string;
  readonly hasIdle: boolean;
  readonly inbox: Mailbox;
  readonly sent: Mailbox;
  /** Each command, in capitals, as `SELECT` or `UID FETCH`. Throws to end the connection. */
  heard(command: string, line: string): void;
}

/** One connection of a mail program to the server of a test: what of IMAP4rev1 such a program uses. */
export class ImapSession implements Disposable {
  readonly #host: ImapHost;
  readonly #write: (bytes: Buffer) => void;
  #unread = "";
  #box: Mailbox | undefined;
  #isReadOnly = false;
  #idleTag: string | undefined;
  #told = 0;
  #watch: Disposable | undefined;
  #loginTag: string | undefined;

  constructor(host: ImapHost, write: (bytes: Buffer) => void) {
    this.#host = host;
    this.#write = write;
    this.#say(`* OK [CAPABILITY ${this.#capabilities}] ready`);
  }

  get #capabilities(): string {
    return `IMAP4rev1 SASL-IR AUTH=PLAIN${this.#host.hasIdle ? " IDLE" : ""}`;
  }

  receive(bytes: Buffer): void {
    this.#unread += bytes.toString("latin1");
    for (let end = this.#unread.indexOf("\r\n"); end !== -1; end = this.#unread.indexOf("\r\n")) {
      const line = this.#unread.slice(0, end);
      this.#unread = this.#unread.slice(end + 2);
      this.#line(line);
    }
  }

  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]();
  }

  #line(line: string): void {
    if (this.#loginTag !== undefined) return this.#login(line);
    if (this.#idleTag !== undefined) {
      if (line !== "DONE") return;
      const tag = this.#idleTag;
      this.#idleTag = undefined;
      return this.#say(`${tag} OK idle is over`);
    }
    const [tag = "", first = "", ...rest] = line.split(" ");
    const isUid = first.toUpperCase() === "UID";
    const command = (isUid ? `UID ${rest.shift() ?? ""}` : first).toUpperCase();
    this.#host.heard(command, line);
    this.#answer(tag, command, rest);
  }

  #answer(tag: string, command: string, rest: readonly string[]): void {
    switch (command) {
      case "CAPABILITY":
        this.#say(`* CAPABILITY ${this.#capabilities}`, `${tag} OK done`);
        return;
      case "AUTHENTICATE":
        this.#loginTag = tag;
        return rest[1] === undefined ? this.#say("+ ") : this.#login(rest[1]);
      case "LIST":
        if (rest.at(-1) === '""') return this.#say('* LIST (\\Noselect) "/" ""', `${tag} OK done`);
        this.#say(
          '* LIST (\\HasNoChildren) "/" INBOX',
          '* LIST (\\HasNoChildren \\Sent) "/" Sent',
          `${tag} OK done`,
        );
        return;
      case "LSUB":
        this.#say('* LSUB () "/" INBOX', `${tag} OK done`);
        return;
      case "SELECT":
      case "EXAMINE":
        return this.#select(tag, command === "EXAMINE", rest.join(" ").replaceAll('"', ""));
      case "IDLE":
        this.#idleTag = tag;
        this.#say("+ idling");
        return this.#tellNew();
      case "NOOP":
        this.#tellNew();
        this.#say(`${tag} OK done`);
        return;
      case "UID SEARCH":
        return this.#search(tag, rest.join(" "));
      case "UID FETCH":
        return this.#fetch(tag, rest[0] ?? "", rest.slice(1).join(" "));
      case "UID STORE": {
        const mail = this.#box?.mails.find(({ uid }) => String(uid) === rest[0]);
        if (this.#isReadOnly) return this.#say(`${tag} NO it was opened to be read`);
        for (const flag of rest.slice(2).join(" ").replace(/[()]/g, "").split(" ")) mail?.flags.add(flag);
        this.#box?.tell();
        return this.#say(`${tag} OK done`);
      }
      case "LOGOUT":
        return this.#say("* BYE", `${tag} OK done`);
      default:
        return this.#say(`${tag} BAD ${command} is unknown`);
    }
  }

  #login(proof: string): void {
    const [, user, password] = Buffer.from(proof, "base64").toString().split("\0");
    const isRight = user === this.#host.user && password === this.#host.password;
    const tag = this.#loginTag ?? "*";
    this.#loginTag = undefined;
    this.#say(isRight ? `${tag} OK welcome` : `${tag} NO [AUTHENTICATIONFAILED] wrong password`);
  }

  #select(tag: string, isReadOnly: boolean, name: string): void {
    this.#watch?.[Symbol.dispose]();
    const box = /^inbox$/i.test(name) ? this.#host.inbox : name === "Sent" ? this.#host.sent : undefined;
    this.#box = box;
    this.#isReadOnly = isReadOnly;
    if (box === undefined) return this.#say(`${tag} NO there is no ${name}`);
    this.#told = box.mails.length;
    this.#watch = box.onChange(() => {
      if (this.#idleTag !== undefined) this.#tellNew();
    });
    this.#say(
      "* FLAGS (\\Seen)",
      `* ${box.mails.length} EXISTS`,
      `* OK [UIDVALIDITY ${box.validity}]`,
      `* OK [UIDNEXT ${box.next}]`,
      `${tag} OK [${isReadOnly ? "READ-ONLY" : "READ-WRITE"}] done`,
    );
  }

  #tellNew(): void {
    const count = this.#box?.mails.length ?? 0;
    if (count === this.#told) return;
    this.#told = count;
    this.#say(`* ${count} EXISTS`);
  }

  #search(tag: string, query: string): void {
    const from = Number(/\bUID (\d+):\*/.exec(query)?.[1] ?? 0);
    const id = /HEADER "?MESSAGE-ID"? "?([^"\s]+)"?/i.exec(query)?.[1];
    const since = /\bSINCE (\S+)/.exec(query)?.[1];
    const words = /\b(?:TEXT|BODY|SUBJECT|FROM) "?([^"]+)"?/i.exec(query)?.[1]?.toLowerCase();
    const mails = (this.#box?.mails ?? []).filter((mail, index, all) => {
      const text = mail.source.toString().toLowerCase();
      // The last one is in every range that ends with a star.
      const isInRange = mail.uid >= from || index === all.length - 1;
      const isDue = since === undefined || mail.arrivedAt >= new Date(`${since} UTC`);
      return (
        isInRange &&
        isDue &&
        (id === undefined || text.includes(id.toLowerCase())) &&
        (words === undefined || text.includes(words))
      );
    });
    this.#say(`* SEARCH ${mails.map(({ uid }) => uid).join(" ")}`, `${tag} OK done`);
  }

  #fetch(tag: string, range: string, what: string): void {
    const wanted = new Set(range.split(","));
    for (const [index, mail] of (this.#box?.mails ?? []).entries()) {
      if (wanted.has(String(mail.uid))) this.#write(toFetched(index + 1, mail, what));
    }
    this.#say(`${tag} OK done`);
  }

  #say(...lines: readonly string[]): void {
    this.#write(Buffer.from(`${lines.join("\r\n")}\r\n`));
  }
}

function toFetched(index: number, mail: StoredMail, what: string): Buffer {
  const parts: Buffer[] = [
    Buffer.from(`* ${index} FETCH (UID ${mail.uid} FLAGS (${[...mail.flags].join(" ")})`),
  ];
  if (what.includes("INTERNALDATE")) parts.push(Buffer.from(` INTERNALDATE "${toDate(mail.arrivedAt)}"`));
  if (what.includes("RFC822.SIZE")) parts.push(Buffer.from(` RFC822.SIZE ${mail.source.length}`));
  if (what.includes("BODYSTRUCTURE"))
    parts.push(Buffer.from(` BODYSTRUCTURE ${mail.structure ?? toText(mail)}`));
  const body = /BODY\.PEEK\[([\d.]*)\](?:<(\d+)\.(\d+)>)?/.exec(what);
  if (body !== null) {
    const [, part = "", start, length] = body;
    const whole = part === "" ? mail.source : mail.source.subarray(mail.source.indexOf("\r\n\r\n") + 4);
    const slice = start === undefined ? whole : whole.subarray(Number(start), Number(start) + Number(length));
    const origin = start === undefined ? "" : `<${start}>`;
    parts.push(Buffer.from(` BODY[${part}]${origin} {${slice.length}}\r\n`), slice);
  }
  return Buffer.concat([...parts, Buffer.from(")\r\n")]);
}

function toText({ source }: StoredMail): string {
  return `("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "8BIT" ${source.length - source.indexOf("\r\n\r\n") - 4} 1)`;
}

function toDate(at: Date): string {
  const [, day = "", month = "", year = "", time = ""] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}
