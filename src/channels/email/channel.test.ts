import { runChannel } from "../../../test/fakes/run-channel.ts";
import { describe, expect, test } from "bun:test";
import { createChoice } from "../../../test/fakes/random.ts";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { FakeMailServer } from "../../../test/fakes/mail/fake-mail-server.ts";
import { openEmail } from "../../../test/fakes/mail/open-channel.ts";
import golden from "../../../test/golden/email/pairs.json";
import type { Channel, Receipt } from "../channel.ts";
import { toSubject } from "./compose.ts";
import { parseQuoted } from "../../mail/cut-quote.ts";
import { listFiles } from "./files.ts";
import { readMail } from "../../mail/read-mail.ts";
import { toHtml } from "./to-html.ts";

const { signal } = new AbortController();

/** The channel as it runs, until it is disposed. */
async function start(channel: Channel, receipt?: Receipt) {
  return await runChannel(channel, { chat: anna, receive: async () => receipt });
}

const anna = "anna@people.example";

function parse(text: string) {
  return readMail(Buffer.from(text.replaceAll(/\r?\n/g, "\r\n")));
}

describe("what a mail says", () => {
  test("text is preferred, parts of it are joined, what is attached is no word of it: as in the reference system", async () => {
    for (const { in: source, out } of golden.text_body) {
      expect((await parse(source))?.text.replace(/\n{2,}/g, "\n\n").replaceAll("\\\n", "\n")).toBe(out);
    }
    for (const { in: subject, out } of golden.decode_header) {
      expect((await parse(`From: ${anna}\nSubject: ${subject}\n\nx`))?.subject).toBe(out);
    }
    for (const { in: from, out } of golden.sender) {
      expect((await parse(`From: ${from}\n\nx`))?.from.address ?? "").toBe(out);
    }
    for (const { in: subject, out } of golden.reply_subject) {
      expect(toSubject({ id: "<a@b>", subject, references: [] }, "Re: ")).toBe(out);
    }
  });

  test("HTML is told as words, but no rule of its looks, and what stands apart is apart: else as in the reference system", async () => {
    const here: Readonly<Record<string, string>> = {
      "<div>x</div><div>y</div>": "x\ny",
      "<style>p{}</style>t": "t",
    };
    for (const { in: html, out } of golden.html_to_text) {
      const mail = await parse(`From: ${anna}\nContent-Type: text/html; charset=utf-8\n\n${html}`);
      const text = mail?.text.replaceAll("\\\n", "\n").replace(/\n{2,}/g, "\n");
      expect(text).toBe((here[html] ?? out).trim());
    }
  });

  test("`Re:` stands before a subject once, in whichever language", () => {
    for (const subject of ["Re: Invoice", "AW: Rechnung", "回复：发票", "re[2]: x"]) {
      expect(toSubject({ id: "<a@b>", subject, references: [] }, "Re: ")).toBe(subject);
    }
  });

  test("its charset is heeded, also one of long ago", async () => {
    const head = `From: ${anna}\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: text/plain; charset=`;
    const latin = Buffer.concat([
      Buffer.from(`${head}iso-8859-1\r\n\r\n`),
      Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65]),
    ]);
    const chinese = Buffer.concat([
      Buffer.from(`${head}gb18030\r\n\r\n`),
      Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
    ]);
    expect((await readMail(latin))?.text).toBe("Grüße");
    expect((await readMail(chinese))?.text).toBe("你好");
  });

  test("a mail from nobody, from several, or from what is no address is none", async () => {
    for (const from of ["", "undisclosed:;", "a@b.c\nFrom: d@e.f", "<>", `${"a".repeat(300)}@b.c`]) {
      expect(await parse(`From: ${from}\nSubject: x\n\nx`)).toBeUndefined();
    }
  });

  test("a bomb of parts is read as far as its headers go, and soon", async () => {
    let body = "";
    for (let depth = 0; depth < 3000; depth++) {
      body += `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`;
    }
    const began = performance.now();
    const mail = await parse(`From: ${anna}\nSubject: deep\n${body}`);
    expect(mail).toMatchObject({ subject: "deep", text: "" });
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test("a structure without an end lists at most twenty files", () => {
    const leaf = {
      type: "application/pdf",
      part: "1",
      disposition: "attachment",
      size: 10,
      encoding: "base64",
    };
    const wide = { type: "multipart/mixed", childNodes: Array.from({ length: 1000 }, () => leaf) };
    expect(listFiles(wide, "1:1")).toHaveLength(20);
    let deep: Parameters<typeof listFiles>[0] = leaf;
    for (let depth = 0; depth < 5000; depth++)
      deep = { type: "multipart/mixed", childNodes: deep === undefined ? [] : [deep] };
    expect(listFiles(deep, "1:1")).toHaveLength(0);
  });

  test("any bytes are read or left alone, and never throw", async () => {
    const source = Buffer.from(
      `From: Anna <${anna}>\r\nSubject: =?utf-8?B?5L2g?=\r\nContent-Type: multipart/mixed; boundary=B\r\nReferences: <a@b> <c@d>\r\n\r\n--B\r\nContent-Type: text/html\r\n\r\n<p>h</p>\r\n--B\r\nContent-Type: text/plain; charset=x\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=\r\n--B--\r\n`,
    );
    for (let seed = 1; seed <= 300; seed++) {
      const choice = createChoice(seed);
      const bytes = Buffer.from(source);
      for (let times = 0; times < 8; times++) bytes[choice(bytes.length)] = choice(256);
      const mail = await readMail(bytes.subarray(0, choice(bytes.length + 1)));
      if (mail !== undefined) expect(mail.text.isWellFormed()).toBe(true);
    }
  });
});

describe("what is quoted", () => {
  const own = "Please pay.\n\nAnna";
  const quoted = {
    gmail: `${own}\n\nOn Mon, Feb 16, 2026 at 9:00 AM Nano <nano@x.example> wrote:\n\n> which one?\n> the red one`,
    "broken over two lines": `${own}\n\nOn Mon, Feb 16, 2026 at 9:00 AM Nano\n<nano@x.example> wrote:\n> which one?`,
    german: `${own}\n\nAm 16.02.26 um 09:00 schrieb Nano:\n> welche?`,
    chinese: `${own}\n\n在 2026年2月16日，Nano 写道：\n> 哪个？`,
    outlook: `${own}\n\n-----Original Message-----\nFrom: Nano\nSent: Monday\nTo: Anna\n\nwhich one?`,
    "outlook without a line": `${own}\n\nFrom: Nano <nano@x.example>\nSent: Monday\nTo: Anna\nSubject: x\n\nwhich one?`,
    "marks alone": `${own}\n\n> which one?\n> the red one\n`,
  };
  for (const [name, text] of Object.entries(quoted)) {
    test(`${name}: stands beside the words, not among them`, () => {
      const { text: said, quote } = parseQuoted(text);
      expect(said).toBe(own);
      expect(quote).toMatch(/which one\?|welche\?|哪个/);
    });
  }

  test("an answer between what is quoted, and words that only look like it, stay whole", () => {
    for (const text of [
      "On Monday Nano wrote:\n> first?\nyes\n> second?\nno",
      "> all of it is quoted",
      "On my desk lies what Ben wrote: it is long.",
      "From: here to there\nwe walked",
    ]) {
      expect(parseQuoted(text)).toEqual({ text, quote: "" });
    }
  });
});

describe("what is no mail of a person", () => {
  const signs = [
    "Auto-Submitted: auto-generated",
    "Precedence: bulk",
    "List-Unsubscribe: <mailto:x@y>",
    "Return-Path: <>",
    "X-Autoreply: yes",
    "X-Auto-Response-Suppress: All",
    "Content-Type: multipart/report; boundary=x",
  ];
  for (const sign of signs) {
    test(`${sign}: is not answered, and without it the same mail is`, async () => {
      expect((await parse(`From: ${anna}\n${sign}\n\nhi`))?.automatic).toBeString();
      expect((await parse(`From: ${anna}\n\nhi`))?.automatic).toBeUndefined();
    });
  }
  test("nor is one of a machine by its name", async () => {
    for (const name of ["MAILER-DAEMON", "no-reply", "noreply+x", "postmaster", "news-bounces"]) {
      expect((await parse(`From: ${name}@x.example\n\nhi`))?.automatic).toBeString();
    }
    expect((await parse("From: reply@x.example\n\nhi"))?.automatic).toBeUndefined();
  });
});

describe("a mailbox", () => {
  test("that was numbered anew is read on: what was read is known by its name, what came before the start stays old", async () => {
    await using server = new FakeMailServer();
    const memory = createChannelMemory();
    const channel = openEmail({ email: server.config, password: server.password, memory });
    server.inbox.add(`From: ${anna}\r\nMessage-ID: <old@x>\r\n\r\nold`, {
      arrivedAt: new Date("2020-01-01"),
    });
    {
      await using first = await start(channel);
      const uid = server.write({ from: anna, id: "1@x", text: "one" });
      await server.until(() => server.isSeen(uid));
      expect(first.received.map(({ id }) => id)).toEqual(["<1@x>"]);
    }
    server.inbox.renumber();
    const uid = server.write({ from: anna, id: "2@x", text: "two" });
    await using again = await start(channel);
    await server.until(() => server.isSeen(uid));
    // The store knows the first by its id.
    expect(again.received.map(({ id }) => id)).toEqual(["<1@x>", "<2@x>"]);
  });

  test("whose server cannot push is asked again and again", async () => {
    await using server = new FakeMailServer();
    server.hasIdle = false;
    const email = { ...server.config, pollIntervalSeconds: 5 };
    await using running = await start(openEmail({ email, password: server.password, pace: { idleMs: 20 } }));
    const uid = server.write({ from: anna, id: "1@x", text: "one" });
    await server.until(() => server.isSeen(uid));
    expect(running.received).toHaveLength(1);
    expect(server.commands).not.toContain("IDLE");
  });

  test("goes on behind a mail whose parts cannot be listed", async () => {
    await using server = new FakeMailServer();
    const channel = openEmail({ email: server.config, password: server.password });
    await (await start(channel))[Symbol.asyncDispose]();
    const head = `From: ${anna}\r\nMessage-ID: <1@x>\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n`;
    const source = `${head}--B\r\n\r\nhi\r\n--B\r\nContent-Type: application/pdf\r\n\r\nx\r\n--B--\r\n`;
    const { uid } = server.inbox.add(source, { structure: "(".repeat(3_000_000) });
    const seen = server.until(() => server.isSeen(uid));
    const received: string[] = [];
    for (let starts = 0; starts < 6 && received.length === 0; starts++) {
      const running = await start(channel);
      await Promise.race([running.over, seen]);
      await running[Symbol.asyncDispose]();
      received.push(...running.received.map(({ text }) => text));
    }
    expect(received).toEqual(["hi"]);
  });

  test("shows nothing of a stranger's mail as read, nor of any where the owner says so", async () => {
    await using server = new FakeMailServer();
    const heard = Promise.withResolvers<void>();
    server.onCommand = (command) => void (command === "UID STORE" && heard.resolve());
    await using _ = await start(openEmail({ email: server.config, password: server.password }), {
      type: "declined",
      reason: "nobody knows him",
    });
    server.write({ from: anna, id: "1@x", text: "one" });
    await server.until(() => server.commands.filter((each) => each === "IDLE").length >= 2);
    expect(server.commands).not.toContain("UID STORE");
  });

  test("each thread can be a chat of its own, and is answered there", async () => {
    await using server = new FakeMailServer();
    const channel = openEmail({
      email: { ...server.config, separateThreads: true },
      password: server.password,
    });
    await using running = await start(channel);
    server.write({ from: anna, id: "a1@x", text: "one", subject: "A" });
    server.write({ from: anna, id: "b1@x", text: "two", subject: "B" });
    const uid = server.write({
      from: anna,
      id: "a2@x",
      text: "three",
      subject: "Re: A",
      headers: ["References: <a1@x>"],
    });
    await server.until(() => server.isSeen(uid));
    const [one, two, three] = running.received.map(({ chat }) => chat);
    expect(one).toBe(three ?? "");
    expect(one).not.toBe(two ?? "");
    await channel.send(two ?? "", { id: 1, key: "k", text: "hi" }, signal);
    await server.until(() => server.sent.length === 1);
    expect(server.sent[0]).toMatchObject({ to: [anna], mail: { subject: "Re: B", inReplyTo: "<b1@x>" } });
  });
});

describe("a reply", () => {
  test("whose end is unknown is found where the server keeps what it sends, by a name that is the same for each try", async () => {
    await using server = new FakeMailServer();
    server.keepsSent = true;
    const channel = openEmail({ email: server.config, password: server.password });
    server.fail({ type: "lose" });
    expect(await channel.send(anna, { id: 1, key: "k1", text: "hi" }, signal)).toMatchObject({
      type: "unknown",
    });
    expect(await channel.history?.has(anna, { key: "k1" }, signal)).toBe(true);
    expect(await channel.history?.has(anna, { key: "k2" }, signal)).toBe(false);
    await channel.send(anna, { id: 1, key: "k1", text: "hi" }, signal);
    await server.until(() => server.sent.length === 2);
    expect(server.sent[0]?.mail.messageId).toBe(server.sent[1]?.mail.messageId ?? "");
    // Another installation with the same mailbox has names of its own.
    const other = openEmail({ email: server.config, password: server.password });
    await other.send(anna, { id: 1, key: "k1", text: "hi" }, signal);
    await server.until(() => server.sent.length === 3);
    expect(server.sent[2]?.mail.messageId).not.toBe(server.sent[0]?.mail.messageId ?? "");
  });

  test("is tried again where the server asks for that, and is given up where it says no", async () => {
    await using server = new FakeMailServer();
    const channel = openEmail({ email: server.config, password: server.password });
    const send = () => channel.send(anna, { id: 1, key: "k", text: "hi" }, signal);
    server.fail({ type: "answer", at: "RCPT", line: "450 4.2.1 too many" });
    expect(await send()).toMatchObject({ type: "not-sent", reason: expect.stringContaining("too many") });
    server.fail({ type: "answer", at: "DATA", line: "451 4.3.0 later" });
    expect(await send()).toMatchObject({ type: "not-sent" });
    server.fail({ type: "answer", at: "AUTH", line: "535 5.7.8 no" });
    expect(await send()).toMatchObject({ type: "wait", scope: "account" });
    server.fail({ type: "answer", at: "MAIL", line: "552 5.3.4 too large" });
    expect(await send()).toMatchObject({ type: "refused", reason: expect.stringContaining("too large") });
  });

  test("shows Markdown, fetches nothing, and says where a link leads", () => {
    const html = toHtml(
      "# T\n\n**b** *i* ~~s~~ `c<d`\n\n- x\n\n![p](https://t.example/p.png) <script>x</script>\n\n[https://a.example](https://b.example)",
    );
    expect(html).toContain("<h1>T</h1>");
    expect(html).toContain("<strong>b</strong> <em>i</em> <s>s</s>");
    expect(html).not.toContain("<script");
    expect(html).not.toContain("<img");
    expect(html).toContain("(https://b.example/)");
  });
});
