import { describe, expect, test } from "bun:test";
import { ImapFlow } from "imapflow";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { ClearServer } from "../../../test/fakes/mail/clear-server.ts";
import { FakeMailServer } from "../../../test/fakes/mail/fake-mail-server.ts";
import type { MailPlace } from "../../mail/mail-server.ts";
import { openImap } from "../../mail/open-imap.ts";
import { Secret } from "../../secret.ts";
import { checkSubmission } from "./submit.ts";

const { signal } = new AbortController();
const password = "the-password-of-the-mailbox";
const noTls = { words: { key: "email.noTls" } };
const untrusted = { words: { key: "email.untrusted" } };

function toPlace(port: number, more: Partial<MailPlace["server"]> = {}, caFile = ""): MailPlace {
  const server = { host: "localhost", port, isTls: true, user: "nano@test.local", ...more };
  return { server: { ...server, password: new Secret(password) }, caFile };
}

/** The libraries alone, with one control taken out. */
async function speakImap(port: number, control: object): Promise<void> {
  const client = new ImapFlow({
    ...{ host: "127.0.0.1", port, secure: false, servername: "localhost", logger: false },
    auth: { user: "nano@test.local", pass: password },
    ...control,
  });
  client.on("error", () => {});
  await client.connect();
  client.close();
}

async function speakSmtp(port: number, control: object): Promise<void> {
  const connection = new SMTPConnection({ host: "127.0.0.1", port, logger: false, ...control });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  connection.on("error", reject);
  connection.connect(() => {
    connection.login({ user: "nano@test.local", pass: password }, () => resolve());
  });
  await promise.finally(() => connection.close());
}

describe("somebody on the way who takes TLS out", () => {
  test("of IMAP hears no password; without the rule he hears it", async () => {
    using server = new ClearServer("imap");
    const place = toPlace(server.port, { isTls: false });
    expect(await openImap(place, signal).catch((error: unknown) => error)).toMatchObject(noTls);
    expect(server.hasHeard(password)).toBe(false);
    await speakImap(server.port, { doSTARTTLS: false });
    expect(server.hasHeard(password)).toBe(true);
  });

  test("of IMAP by asking for none shows no mailbox of his own; without the rule he does", async () => {
    using server = new ClearServer("imap that needs no password");
    const place = toPlace(server.port, { isTls: false });
    expect(await openImap(place, signal).catch((error: unknown) => error)).toMatchObject(noTls);
    await speakImap(server.port, { doSTARTTLS: false });
  });

  test("of SMTP hears no password; without the rule he hears it", async () => {
    using server = new ClearServer("smtp");
    const place = toPlace(server.port, { isTls: false });
    expect(await checkSubmission(place, signal).catch((error: unknown) => error)).toMatchObject(noTls);
    expect(server.hasHeard(password)).toBe(false);
    await speakSmtp(server.port, { requireTLS: false });
    expect(server.hasHeard(password)).toBe(true);
  });
});

describe("somebody in the server's place", () => {
  test("whose certificate nobody signed is not spoken to; without the rule he gets the password", async () => {
    await using server = new FakeMailServer();
    const { imapPort } = server.config;
    const smtpPort = Number(server.config["smtpPort"]);
    expect(await openImap(toPlace(imapPort), signal).catch((error: unknown) => error)).toMatchObject(
      untrusted,
    );
    expect(await checkSubmission(toPlace(smtpPort), signal).catch((error: unknown) => error)).toMatchObject(
      untrusted,
    );
    expect([server.commands, server.logins]).toEqual([[], 0]);
    const control = { secure: true, tls: { rejectUnauthorized: false } };
    await speakImap(imapPort, control);
    await speakSmtp(smtpPort, control);
    expect([server.commands.includes("AUTHENTICATE"), server.logins]).toEqual([true, 1]);
  });

  test("whose certificate is another's is not spoken to, and the name is looked up by us, once for each connection", async () => {
    await using server = new FakeMailServer();
    const { imapPort, smtpPort, caFile } = server.config;
    const asked: string[] = [];
    const lookup = async (name: string): Promise<readonly string[]> => {
      asked.push(name);
      return ["127.0.0.1"];
    };
    const open = async (host: string) => {
      const places = [imapPort, smtpPort].map((port) => ({
        ...toPlace(Number(port), { host }, caFile),
        lookup,
      }));
      const [imap = toPlace(0), smtp = toPlace(0)] = places;
      const client = await openImap(imap, signal).catch((error: unknown) => error);
      if (client instanceof ImapFlow) client.close();
      return [client, await checkSubmission(smtp, signal).catch((error: unknown) => error)] as const;
    };
    const [imap, smtp] = await open("mail.bank.example");
    expect([imap, smtp]).toMatchObject([untrusted, untrusted]);
    expect(server.logins).toBe(0);
    const [known, taken] = await open("Localhost");
    expect([known instanceof ImapFlow, taken, server.logins]).toEqual([true, undefined, 1]);
    expect(asked).toEqual(["mail.bank.example", "mail.bank.example", "localhost", "localhost"]);
  });
});
