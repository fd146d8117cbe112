import { expect, test } from "bun:test";
import MailComposer from "nodemailer/lib/mail-composer";
import type { IncomingMessage } from "../../src/channels/channel.ts";
import { openImap } from "../../src/mail/open-imap.ts";
import { usualPace } from "../../src/channels/email/pace.ts";
import { submitMail } from "../../src/channels/email/submit.ts";
import { Secret } from "../../src/secret.ts";
import { openEmail } from "../fakes/mail/open-channel.ts";
import { hasMailServer, RealMailServer } from "../fakes/mail/real-mail-server.ts";

const { signal } = new AbortController();

/** The channel's mailbox and Anna's, on Dovecot and Postfix. */
function openPlaces(server: RealMailServer, isTls: boolean) {
  const { ports, password, caFile } = server;
  const email = {
    enabled: true,
    consentGranted: true,
    imapHost: "localhost",
    imapPort: isTls ? ports.imaps : ports.imap,
    imapUseSsl: isTls,
    imapUsername: server.addressOf("nano"),
    smtpHost: "localhost",
    smtpPort: isTls ? ports.smtps : ports.submission,
    smtpUseSsl: isTls,
    caFile,
  };
  const anna = {
    user: server.addressOf("anna"),
    host: "localhost",
    isTls: true,
    password: new Secret(password),
  };
  return {
    channel: openEmail({ email, password }),
    async write(mail: ConstructorParameters<typeof MailComposer>[0]) {
      const whole = { from: server.addressOf("anna"), to: server.addressOf("nano"), ...mail };
      const source = await new MailComposer(whole).compile().build();
      const written = { from: server.addressOf("anna"), to: server.addressOf("nano"), source };
      const place = { server: { ...anna, port: ports.smtps }, caFile };
      expect(await submitMail(place, written, usualPace, signal)).toEqual({ type: "sent" });
    },
    /** Anna's mailbox, as her own program sees it; resolves when something stands there. */
    async readAnna() {
      const client = await openImap({ server: { ...anna, port: ports.imaps }, caFile }, signal);
      try {
        const arrived = new Promise<void>((resolve) => client.on("exists", () => resolve()));
        const { exists } = await client.mailboxOpen("INBOX");
        if (exists === 0) {
          void client.idle();
          await arrived;
        }
        const mail = await client.fetchOne("*", { source: true });
        return mail === false || mail === undefined ? "" : (mail.source?.toString() ?? "");
      } finally {
        client.close();
      }
    },
    async flags() {
      const nano = { ...anna, user: server.addressOf("nano"), port: ports.imaps };
      const client = await openImap({ server: nano, caFile }, signal);
      try {
        await client.mailboxOpen("INBOX", { readOnly: true });
        const found = await client.fetchAll("1:*", { flags: true });
        return found.map((each) => each.flags?.has("\\Seen") === true);
      } finally {
        client.close();
      }
    },
  };
}

const whyNot = hasMailServer() ? "" : " (Dovecot and Postfix are not here, or we are not root)";

test.skipIf(!hasMailServer())(
  `with Dovecot and Postfix: TLS and STARTTLS, push, files, threads and flags${whyNot}`,
  async () => {
    await using server = await RealMailServer.open();
    for (const isTls of [true, false]) {
      const { channel, write, readAnna, flags } = openPlaces(server, isTls);
      const received: IncomingMessage[] = [];
      const connected = Promise.withResolvers<void>();
      let arrival = Promise.withResolvers<void>();
      const stop = new AbortController();
      const over = channel.start(
        {
          connected: () => connected.resolve(),
          receive: async (message) => {
            received.push(message);
            arrival.resolve();
            return { type: "accepted", message: 1 };
          },
        },
        stop.signal,
      );
      await connected.promise;
      const bytes = Buffer.from(Uint8Array.from({ length: 3000 }, (_unused, index) => index % 251));
      const words = Buffer.from("Zeile eins\r\nZeile zwei = 2\r\n", "latin1");
      await write({
        subject: "Grüße 你好",
        messageId: `<one${isTls}@test.local>`,
        references: ["<root@test.local>"],
        html: "<p>Hello<br>world &amp; <b>co</b></p>",
        attachments: [
          { filename: "Bericht für Anna.bin", content: bytes },
          { filename: "notes.txt", content: words, contentTransferEncoding: "quoted-printable" },
        ],
      });
      await arrival.promise;
      const [message] = received;
      expect(message).toMatchObject({
        id: `<one${isTls}@test.local>`,
        chat: server.addressOf("anna"),
        text: "Hello\nworld & **co**",
      });
      expect(message?.note).toContain("subject: Grüße 你好");
      expect(message?.files?.map(({ name }) => name)).toEqual(["Bericht für Anna.bin", "notes.txt"]);
      for (const [index, content] of [bytes, words].entries()) {
        const reference = message?.files?.[index]?.reference ?? "";
        const fetched = await channel.files?.fetch(reference, signal);
        const got = Buffer.from(await new Response(fetched ?? null).arrayBuffer());
        expect(Buffer.compare(got, content)).toBe(0);
      }
      arrival = Promise.withResolvers();
      await write({ subject: "two", text: "second", messageId: `<two${isTls}@test.local>` });
      await arrival.promise;
      const reply = {
        id: 1,
        key: `k${isTls}`,
        text: "An **answer** to you",
        answers: `<one${isTls}@test.local>`,
      };
      expect(await channel.send(server.addressOf("anna"), reply, signal)).toMatchObject({ type: "sent" });
      const seen = await readAnna();
      expect(seen).toMatch(/References: <root@test\.local>\s+<one(?:true|false)@test\.local>/);
      expect(seen).toContain(`In-Reply-To: <one${isTls}@test.local>`);
      stop.abort();
      await over;
      expect((await flags()).every(Boolean)).toBe(true);
    }
    const untrusted = openPlaces(server, true);
    const place = {
      server: {
        host: "localhost",
        port: server.ports.imaps,
        isTls: true,
        user: "x",
        password: new Secret("y"),
      },
      caFile: "",
    };
    expect(openImap(place, signal)).rejects.toMatchObject({ words: { key: "email.untrusted" } });
    expect(untrusted.channel.name).toBe("email");
  },
  60_000,
);
