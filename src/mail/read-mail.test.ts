import { expect, test } from "bun:test";
import { createHostileMail } from "../../test/fakes/mail/hostile-mail.ts";
import { judgeReading } from "../../test/fakes/mail/judge-reading.ts";
import { createChoice } from "../../test/fakes/random.ts";
import { readMail } from "./read-mail.ts";

test("whatever arrives is read soon or left alone, and its answer goes to whoever wrote, with our headers alone", async () => {
  for (let seed = 1; seed <= 25; seed++) {
    expect([seed, await judgeReading(createHostileMail(createChoice(seed)))]).toEqual([seed, undefined]);
  }
});

test("a mail's name, and those that it answers, are ASCII in one line, or none", async () => {
  const mail = await readMail(
    Buffer.from(
      "From: a@b.example\r\nMessage-ID: <a\u0085b@x>\r\nReferences: <ö@x> <c@x> <d\u0000e@x>\r\n\r\nhi",
    ),
  );
  expect(mail?.id).toEndWith("@no-id>");
  expect(mail?.references).toEqual(["<c@x>"]);
});

test("an address that could not be decoded is nobody's", async () => {
  const from = Buffer.concat([
    Buffer.from("From: a@b"),
    Buffer.from([0xff]),
    Buffer.from("c.example\r\n\r\nhi"),
  ]);
  expect(await readMail(from)).toBeUndefined();
});
