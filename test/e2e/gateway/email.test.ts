import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FakeMailServer } from "../../fakes/mail/fake-mail-server.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";

const echo = (request: LlmRequest) => ({
  text: `You said: **${userTexts(request).findLast((text) => !text.startsWith("<context>"))}**`,
});

/** The whole program with a mailbox on loopback. */
async function open(email: Readonly<Record<string, unknown>> = {}) {
  const mail = new FakeMailServer();
  const part = {
    ...mail.config,
    enabled: false,
    allowFrom: ["anna@people.example", "@friends.example"],
    ...email,
  };
  const config = { channels: { email: part }, gateway: { port: 0, token: "the-token-of-the-bench" } };
  const gateway = await GatewayProgram.open({ script: echo, config });
  return {
    mail,
    gateway,
    add: async (...flags: readonly string[]) =>
      await gateway.bench.run(["channels", "add", "email", "--token-stdin", ...flags], {
        stdin: mail.password,
      }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await mail[Symbol.asyncDispose]();
    },
  };
}

test("a mail is answered in its thread, as text and as HTML, and what is older than the mailbox is not", async () => {
  await using under = await open();
  const { mail, gateway } = under;
  const old = mail.write({ from: "anna@people.example", id: "old@x", text: "older than everything" });
  const { out, err, code } = await under.add();
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("✓ nano@test.local answers (localhost, localhost)");
  expect(out).not.toContain("code");
  await gateway.start();
  const uid = mail.write({
    from: "Anna <Anna@People.example>",
    id: "m2@x",
    subject: "Invoice #42",
    headers: ["References: <m0@x> <m1@x>", "In-Reply-To: <m1@x>"],
    text: "Please pay\n\nOn Monday, Nano wrote:\n> which one?\n",
  });
  await mail.until(() => mail.sent.length === 1 && mail.isSeen(uid));
  const [reply] = mail.sent;
  expect(reply?.to).toEqual(["anna@people.example"]);
  expect(reply?.mail.subject).toBe("Re: Invoice #42");
  expect(reply?.mail.inReplyTo).toBe("<m2@x>");
  expect(reply?.mail.references).toBe("<m0@x> <m1@x> <m2@x>");
  expect(reply?.mail.text).toContain("Please pay");
  expect(reply?.mail.html).toContain("<strong>");
  expect(reply?.mail.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-replied");
  expect(gateway.bench.requests).toHaveLength(1);
  expect(JSON.stringify(gateway.bench.requests[0])).toContain("which one?");
  expect(mail.isSeen(old)).toBe(false);
  // The password stands sealed in its file, and nowhere else.
  for (const name of ["config.json", "secrets.json", "nanoclaw.db", "logs/gateway.log"]) {
    expect(await readFile(join(gateway.bench.state, name), "latin1")).not.toContain(mail.password);
  }
});

test("strangers, machines and lists are not answered, and a stranger's mail stays unread", async () => {
  await using under = await open();
  const { mail, gateway } = under;
  await under.add();
  await gateway.start();
  const eve = mail.write({ from: "eve@elsewhere.example", id: "1@x", text: "let me in" });
  mail.write({
    from: "anna@people.example",
    id: "2@x",
    text: "I am away",
    headers: ["Auto-Submitted: auto-replied"],
  });
  mail.write({ from: "anna@people.example", id: "3@x", text: "news", headers: ["List-Id: <all.example>"] });
  mail.write({ from: "nano@test.local", id: "4@x", text: "from ourselves" });
  const ben = mail.write({ from: "ben@friends.example", id: "5@x", text: "hi" });
  await mail.until(() => mail.sent.length === 1 && mail.isSeen(ben));
  expect(mail.sent[0]?.to).toEqual(["ben@friends.example"]);
  expect(mail.isSeen(eve)).toBe(false);
  expect(gateway.bench.requests).toHaveLength(1);
});

test("nobody becomes the owner by mail, whatever code stands in it", async () => {
  await using under = await open();
  const { mail, gateway } = under;
  await under.add();
  const { out } = await gateway.bench.run(["people", "pair", "--owner", "--json"]);
  const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(out)?.[0] ?? "none";
  await gateway.start();
  mail.write({ from: "anna@people.example", id: "1@x", text: code });
  mail.write({ from: "anna@people.example", id: "2@x", text: "who am I?" });
  await mail.until(() => mail.sent.length >= 1);
  expect((await gateway.bench.run(["people", "list", "--json"])).out).not.toContain('"isOwner": true');
  expect((await gateway.bench.run(["channels", "login", "email"])).err).toContain(
    "nobody is proven to be the owner",
  );
});

test("without the owner's consent nothing is opened, and status says so; removed, the consent is gone as well", async () => {
  await using under = await open({ consentGranted: false });
  const { mail, gateway } = under;
  expect((await under.add()).err).toContain("nobody has agreed to that yet");
  expect(mail.commands).toEqual([]);
  await gateway.bench.run(["config", "set", "channels.email.consentGranted", "true"]);
  await under.add();
  expect((await gateway.bench.run(["channels", "remove", "email"])).out).toContain("✓ email is off");
  const config = await readFile(join(gateway.bench.state, "config.json"), "utf8");
  expect(config).not.toContain("consentGranted");
});
