import PostalMime from "postal-mime";
import { composeMail } from "../../../src/channels/email/compose.ts";
import { toMessage } from "../../../src/channels/email/to-message.ts";
import { isMailAddress } from "../../../src/mail/mail-address.ts";
import { readMail } from "../../../src/mail/read-mail.ts";
import { mailSettings } from "./judge-mail.ts";

/** What a mail of half a megabyte may cost at most of a processor: it reads nothing else. */
const longestMs = 3000;
const largestGrowth = 20;

/** What is wrong with how a mail is read, or with the answer that it gets. */
export async function judgeReading(source: Uint8Array): Promise<string | undefined> {
  const began = process.cpuUsage();
  const mail = await readMail(source);
  const { user, system } = process.cpuUsage(began);
  const ms = (user + system) / 1000;
  if (ms > longestMs) return `it took ${Math.round(ms)} ms`;
  if (mail === undefined) return undefined;
  const message = toMessage({ ...mailSettings, mail, files: [], arrivedAt: 0 });
  const words = `${mail.text}${mail.quote}`;
  if (words.length > source.length * largestGrowth + 1000) return `it grew to ${words.length}`;
  const fields = [
    mail.subject,
    mail.from.name,
    mail.from.address,
    mail.date,
    mail.id,
    ...mail.to,
    ...mail.references,
  ];
  const broken = fields.find((field) => /[\r\n\0]/.test(field) || !field.isWellFormed());
  if (broken !== undefined) return `a field of several lines: ${JSON.stringify(broken.slice(0, 80))}`;
  if (!isMailAddress(message.sender.id) || message.chat !== mail.from.address)
    return "somebody else is answered";
  if (message.text.length > mailSettings.maxBodyCharacters || !message.text.isWellFormed())
    return "its words";
  return await judgeAnswer(mail);
}

/** Whatever stood in it, the answer has our headers, each once, and goes to who wrote. */
async function judgeAnswer(
  answered: NonNullable<Awaited<ReturnType<typeof readMail>>>,
): Promise<string | undefined> {
  const file = { name: answered.subject || "x", mediaType: "text/plain", bytes: new Uint8Array([120]) };
  const reply = { id: 1, key: "k", text: answered.text, answers: answered.id };
  const draft = { to: answered.from.address, reply, answered, messageId: "<k@mail.example>", file };
  const source = await composeMail(draft, mailSettings);
  const mail = await PostalMime.parse(source);
  const keys = mail.headers.map(({ key }) => key);
  const strange = keys.find((key, index) => !headers.has(key) || keys.indexOf(key) !== index);
  if (strange !== undefined) return `the answer has the header ${strange}`;
  if (mail.to?.length !== 1 || toAscii(mail.to[0]?.address ?? "") !== toAscii(answered.from.address))
    return "the answer goes elsewhere";
  if (mail.attachments.length !== 1) return `the answer has ${mail.attachments.length} files`;
  const longest = Math.max(
    ...Buffer.from(source)
      .toString("latin1")
      .split(/\r?\n/)
      .map((line) => line.length),
  );
  return longest > 998 ? `a line of ${longest} signs` : undefined;
}

/** The name of a host as it is sent. */
function toAscii(address: string): string {
  const [name = "", host = ""] = address.split("@");
  return `${name}@${URL.parse(`http://${host}`)?.hostname ?? host}`;
}

const headers: ReadonlySet<string> = new Set(
  "from to subject message-id in-reply-to references date mime-version content-type auto-submitted x-auto-response-suppress".split(
    " ",
  ),
);
