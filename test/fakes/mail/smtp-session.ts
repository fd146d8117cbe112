export type SmtpFault =
  /** The mail is taken, and the answer never comes. */
  | { readonly type: "lose" }
  /** It ends before anything was taken. */
  | { readonly type: "drop" }
  /** From this word on nothing is answered, and the connection stays. */
  | { readonly type: "mute"; readonly at: "EHLO" | "MAIL" | "DATA" }
  /** It ends in the middle of the mail. */
  | { readonly type: "cut" }
  /** The mail is taken, and that is said so much later; without `ms` never, and the connection stays. */
  | { readonly type: "late"; readonly ms?: number }
  | { readonly type: "answer"; readonly at: "AUTH" | "MAIL" | "RCPT" | "DATA"; readonly line: string };

export interface SmtpHost {
  readonly user: string;
  readonly password: string;
  /** Somebody shows a password. */
  onLogin(): void;
  /** What happens to this mail. */
  nextFault(): SmtpFault | undefined;
  take(
    envelope: { readonly from: string; readonly to: readonly string[] },
    source: Buffer,
    isLost: boolean,
  ): void;
}

/** One connection that hands in mails, to the server of a test. */
export class SmtpSession {
  readonly #host: SmtpHost;
  readonly #write: (bytes: Buffer) => void;
  readonly #end: () => void;
  readonly #fault: SmtpFault | undefined;
  #unread = Buffer.alloc(0);
  #isData = false;
  #from = "";
  #to: string[] = [];
  #isMute = false;

  constructor(host: SmtpHost, write: (bytes: Buffer) => void, end: () => void) {
    this.#host = host;
    this.#write = write;
    this.#end = end;
    this.#fault = host.nextFault();
    this.#say("220 ready");
  }

  receive(bytes: Buffer): void {
    if (this.#isMute) return;
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const mark = this.#isData ? "\r\n.\r\n" : "\r\n";
      const end = this.#unread.indexOf(mark);
      if (this.#isData && this.#fault?.type === "cut" && this.#unread.length > 0) {
        this.#isMute = true;
        return this.#end();
      }
      if (end === -1) return;
      const taken = this.#unread.subarray(0, end);
      this.#unread = this.#unread.subarray(end + mark.length);
      if (this.#isData) this.#mail(taken);
      else this.#line(taken.toString());
    }
  }

  #line(line: string): void {
    const command = line.slice(0, 4).toUpperCase();
    const fault = this.#fault;
    if (fault?.type === "mute" && fault.at === command) this.#isMute = true;
    if (this.#isMute) return;
    if (fault?.type === "drop" && command === "MAIL") return this.#end();
    if (fault?.type === "answer" && fault.at === command) return this.#say(fault.line);
    switch (command) {
      case "EHLO":
        return this.#say("250-here", "250-AUTH PLAIN", "250-SMTPUTF8", "250 8BITMIME");
      case "AUTH": {
        const [, user, password] = Buffer.from(line.split(" ")[2] ?? "", "base64")
          .toString()
          .split("\0");
        this.#host.onLogin();
        const isRight = user === this.#host.user && password === this.#host.password;
        return this.#say(isRight ? "235 welcome" : "535 5.7.8 wrong password");
      }
      case "MAIL":
        this.#from = /<(.*)>/.exec(line)?.[1] ?? "";
        this.#to = [];
        return this.#say("250 so be it");
      case "RCPT":
        this.#to.push(/<(.*)>/.exec(line)?.[1] ?? "");
        return this.#say("250 so be it");
      case "DATA":
        this.#isData = true;
        return this.#say("354 go on");
      case "QUIT":
        this.#say("221 good bye");
        return this.#end();
      default:
        return this.#say("250 so be it");
    }
  }

  #mail(source: Buffer): void {
    this.#isData = false;
    const fault = this.#fault;
    const isLost = fault?.type === "lose";
    const text = source.toString("latin1").replace(/(^|\r\n)\.\./g, "$1.");
    this.#host.take({ from: this.#from, to: this.#to }, Buffer.from(text, "latin1"), isLost);
    if (isLost) return this.#end();
    if (fault?.type !== "late") this.#say("250 taken");
    else if (fault.ms !== undefined) setTimeout(() => this.#say("250 taken"), fault.ms);
  }

  #say(...lines: readonly string[]): void {
    this.#write(Buffer.from(`${lines.join("\r\n")}\r\n`));
  }
}
