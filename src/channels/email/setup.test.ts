import { expect, test } from "bun:test";
import type { SetupPart } from "../setup.ts";
import { emailSetup } from "./setup.ts";

/** What the wizard makes of what is typed, question by question. */
function answer(
  typed: readonly string[],
  known: SetupPart = {},
): { readonly asked: readonly string[]; readonly part: SetupPart } {
  const asked: string[] = [];
  const part: Record<string, unknown> = { ...known };
  for (const [index, question] of (emailSetup.questions ?? []).entries()) {
    asked.push(question.ask(part));
    Object.assign(part, question.parse(typed[index] ?? "", part));
  }
  return { asked, part };
}

test("of a large provider the servers are known, and Enter takes them", () => {
  const { asked, part } = answer(["nano@gmail.com", "", "", "anna@x.example, @friends.example", "yes"]);
  expect(asked[1]).toBe("IMAP server [imap.gmail.com:993]: ");
  expect(part).toEqual({
    imapUsername: "nano@gmail.com",
    fromAddress: "nano@gmail.com",
    imapHost: "imap.gmail.com",
    imapPort: 993,
    imapUseSsl: true,
    smtpHost: "smtp.gmail.com",
    smtpPort: 465,
    smtpUseSsl: true,
    smtpUseTls: true,
    allowFrom: ["anna@x.example", "@friends.example"],
    consentGranted: true,
  });
});

test("ports say whether TLS begins at once or after STARTTLS; asked again, what was said stands there", () => {
  const first = answer(["nano@x.example", "mail.x.example:143", "mail.x.example:587", "", "ja"]).part;
  expect(first).toMatchObject({ imapUseSsl: false, smtpUseSsl: false, smtpUseTls: true, allowFrom: [] });
  expect(answer(["", "", "", "", "yes"], first).part).toEqual(first);
});

test("without a yes nothing is agreed, and what is no address is named", () => {
  expect(() => answer(["nano@x.example", "", "", "", ""])).toThrow("nobody has agreed");
  expect(() => answer(["nano"])).toThrow("no mail address that could be written from: nano");
  expect(() => answer(["nano@x.example", "", "", "anna"])).toThrow("anna");
});
