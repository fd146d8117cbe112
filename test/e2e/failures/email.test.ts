import type { Failures } from "../../../src/words/english/failures.ts";
import { explain } from "../../../src/errors.ts";
import { emailSetup } from "../../../src/channels/email/setup.ts";
import { FakeMailServer } from "../../fakes/mail/fake-mail-server.ts";
import { openEmail } from "../../fakes/mail/open-channel.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { sayAdded, sayEnded, sayFetched, sayTested } from "../../fakes/provoke-channel.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";

/** What `channels test` says with this part of the configuration. */
function test(change: Readonly<Record<string, unknown>>): () => Promise<string> {
  return async () => {
    await using server = new FakeMailServer();
    return await sayTested("email", { ...server.config, imapPassword: server.password, ...change });
  };
}

/** What the wizard says to what was typed. */
function type(question: number, text: string): () => string {
  return () => {
    try {
      emailSetup.questions?.[question]?.parse(text, {});
      return "";
    } catch (error) {
      return toSaid(explain(error));
    }
  };
}

const { signal } = new AbortController();

testProvocations("email", {
  noConsent: {
    names: ["nobody has agreed", "nanoclaw channels add email"],
    provoke: test({ consentGranted: false }),
  },
  incomplete: { names: ["lacks imapHost", "nanoclaw channels add email"], provoke: test({ imapHost: "" }) },
  inTheClear: {
    names: ["in the clear", "smtpUseSsl"],
    provoke: test({ smtpUseSsl: false, smtpUseTls: false }),
  },
  noAddress: {
    names: ["no mail address", "nano at home", "fromAddress"],
    provoke: test({ fromAddress: "nano at home" }),
  },
  noServer: {
    names: ["This is no server: imap example", "imap.example.com:993"],
    provoke: type(1, "imap example"),
  },
  noAuthority: {
    names: ["/nowhere/ca.pem", "BEGIN CERTIFICATE"],
    provoke: test({ caFile: "/nowhere/ca.pem" }),
  },
  passwordRefused: {
    names: ["localhost does not take", "app password"],
    provoke: test({ imapPassword: "wrong" }),
  },
  untrusted: { names: ["certificate of the mail server localhost", "caFile"], provoke: test({ caFile: "" }) },
  noTls: {
    names: ["speaks no TLS", "993"],
    provoke: async () => {
      // What a server says that has no STARTTLS.
      using plain = Bun.listen({
        hostname: "127.0.0.1",
        port: 0,
        socket: {
          open: (socket) => void socket.write("* OK [CAPABILITY IMAP4rev1] ready\r\n"),
          data: (socket, bytes) => {
            const [tag = ""] = Buffer.from(bytes).toString().split(" ");
            socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`);
          },
        },
      });
      return await test({ imapPort: plain.port, imapUseSsl: false })();
    },
  },
  notReached: { names: ["localhost cannot be reached", "tried again"], provoke: test({ imapPort: 1 }) },
  connectionLost: {
    names: ["no longer answers"],
    provoke: async () => {
      await using server = new FakeMailServer();
      const channel = openEmail({ email: server.config, password: server.password });
      const isIdle = (): Promise<void> => server.until(() => server.commands.includes("IDLE"));
      return await sayEnded(channel, () => server.disconnect(), isIdle);
    },
  },
  repliesAreOff: {
    names: ["autoReplyEnabled is false"],
    provoke: async () => {
      await using server = new FakeMailServer();
      const channel = openEmail({
        email: { ...server.config, autoReplyEnabled: false },
        password: server.password,
      });
      const reply = { id: 1, key: "k", text: "hi", answers: "<m@x>" };
      const result = await channel.send("anna@x.example", reply, signal);
      return "reason" in result ? result.reason : "";
    },
  },
  noFile: {
    names: ["could not be fetched from the mailbox", "Send it again"],
    provoke: async () => {
      await using server = new FakeMailServer();
      const channel = openEmail({ email: server.config, password: server.password });
      return await sayFetched(channel, "1:1:1:base64");
    },
  },
  fileTooLarge: {
    names: ["larger than the 20 MB"],
    provoke: async () => {
      await using server = new FakeMailServer();
      const channel = openEmail({ email: server.config, password: server.password });
      const file = { name: "a", mediaType: "text/plain", bytes: new Uint8Array(20_000_001) };
      const result = await channel.files?.send("anna@x.example", { id: 1, key: "k", text: "" }, file, signal);
      return result !== undefined && "reason" in result ? result.reason : "";
    },
  },
  noMailbox: {
    names: ["tools.mailbox lacks", "tools.mailbox.groups []"],
    provoke: async () => {
      await using bench = await ProgramBench.open({
        config: { tools: { mailbox: { groups: ["main"] } } },
        script: [{ calls: [{ name: "mail", arguments: { action: "search" } }] }, { text: "No." }],
      });
      await bench.run(["agent", "-m", "Any mail?"]);
      const [, request] = bench.requests;
      return (request === undefined ? undefined : newResults(request)[0]?.text) ?? "";
    },
  },
  noPassword: {
    names: ["There is no password", "--token-stdin"],
    provoke: () => sayAdded("email", "\n"),
  },
} satisfies Record<keyof Failures["email"], Provocation>);
