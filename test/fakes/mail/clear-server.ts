/** Somebody on the way who keeps a mail program from TLS: a server that speaks none, and keeps what it hears. */
export class ClearServer implements Disposable {
  readonly heard: string[] = [];
  readonly #listener: Bun.TCPSocketListener;

  constructor(kind: "imap" | "imap that needs no password" | "smtp") {
    const greeting = {
      imap: "* OK [CAPABILITY IMAP4rev1] ready\r\n",
      "imap that needs no password": "* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n",
      smtp: "220 ready\r\n",
    }[kind];
    this.#listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: (socket) => void socket.write(greeting),
        data: (socket, bytes) => {
          for (const line of Buffer.from(bytes).toString().split("\r\n").filter(Boolean)) {
            this.heard.push(line);
            socket.write(kind === "smtp" ? answerSmtp(line) : answerImap(line));
          }
        },
      },
    });
  }

  get port(): number {
    return this.#listener.port;
  }

  /** Whether the password was said, in whichever way. */
  hasHeard(password: string): boolean {
    return this.heard.some((line) =>
      [line, ...line.split(" ").map((word) => Buffer.from(word, "base64").toString())].some((text) =>
        text.includes(password),
      ),
    );
  }

  [Symbol.dispose](): void {
    this.#listener.stop(true);
  }
}

function answerSmtp(line: string): string {
  if (line.startsWith("STARTTLS")) return "502 5.5.1 not here\r\n";
  return line.startsWith("EHLO") ? "250-here\r\n250 AUTH PLAIN\r\n" : "250 so be it\r\n";
}

function answerImap(line: string): string {
  const [tag = "", command = ""] = line.split(" ");
  const data: Readonly<Record<string, string>> = {
    CAPABILITY: "* CAPABILITY IMAP4rev1\r\n",
    LIST: '* LIST (\\Noselect) "/" ""\r\n',
  };
  return `${data[command] ?? ""}${tag} OK done\r\n`;
}
