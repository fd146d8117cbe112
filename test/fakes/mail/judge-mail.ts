import PostalMime from "postal-mime";
import { composeMail } from "../../../src/channels/email/compose.ts";
import { readEmailSettings } from "../../../src/channels/email/config.ts";
import { toSafeAddress } from "../../../src/channels/markdown/address.ts";
import { parseBlocks, type Block } from "../../../src/channels/markdown/blocks.ts";
import { parseInline } from "../../../src/channels/markdown/inline.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import { Secret } from "../../../src/secret.ts";
import { readHtml, type SeenLink } from "./read-html.ts";

const email = {
  ...defaultConfig.channels.email,
  consentGranted: true,
  imapHost: "mail.example",
  smtpHost: "mail.example",
  imapUsername: "nano@mail.example",
  imapPassword: new Secret("x"),
  smtpUseSsl: true,
};
export const mailSettings = readEmailSettings({
  ...defaultConfig,
  channels: { ...defaultConfig.channels, email },
});

/** What is wrong with the mail that a reply becomes, as a mail program would show it. */
export async function judgeMail(markdown: string): Promise<string | undefined> {
  const reply = { id: 1, key: "k", text: markdown };
  const draft = { to: "anna@people.example", reply, answered: undefined, messageId: "<k@mail.example>" };
  const mail = await PostalMime.parse(await composeMail(draft, mailSettings));
  const keys = mail.headers.map(({ key }) => key);
  const strange = keys.find((key, index) => !headers.has(key) || keys.indexOf(key) !== index);
  if (strange !== undefined) return `the header ${strange}`;
  if (mail.attachments.length > 0) return "a part that nobody sent";
  // A line ends as mail has it; a space before its end is lost to some of them.
  if (toLines(mail.text ?? "") !== toLines(markdown.toWellFormed()))
    return "the plain text says something else";
  return judgeHtml(mail.html ?? "", markdown);
}

/** What is wrong with the part that most programs show. */
export function judgeHtml(html: string, markdown: string): string | undefined {
  const seen = readHtml(html);
  if (seen.problem !== undefined) return seen.problem;
  const targets = new Set<string>();
  const meant = toMeant(parseBlocks(markdown.toWellFormed().replace(control, "")), targets);
  if (toSigns(seen.words) !== toSigns(meant)) return `other words: ${difference(seen.words, meant)}`;
  const everything = `${seen.text} ${[...targets].join(" ")}`;
  const lost = toWords(markdown.replace(infoString, "").replace(title, "").replace(destination, " ")).find(
    (word) => !unseen.has(word) && !/^\d+$/.test(word) && !everything.includes(word),
  );
  if (lost !== undefined) return `the word ${lost} is lost`;
  for (const link of seen.links) {
    const problem = judgeLink(link, targets);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const headers: ReadonlySet<string> = new Set(
  "from to subject message-id date mime-version content-type content-transfer-encoding auto-submitted x-auto-response-suppress".split(
    " ",
  ),
);

/** What language a block of code is in is said to nobody. */
const infoString = /(?<=```|~~~)[^\n]*/g;

const title = /(?<=\(\S*\s+)'[^']*'/g;
const destination = /\]\([^\n]*?(?:\)|$)/gm;
/** Of no meaning in a text, and nowhere shown. */
const control = /[\0-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

/** Of Markdown itself: how signs are spelt, titles, and where a picture in a link lies, whose address is the link's. */
const unseen: ReadonlySet<string> = new Set("amp lt gt br pre b title png".split(" "));

/** All that is to be seen, in its order. */
function toMeant(blocks: readonly Block[], targets: Set<string>): string {
  const inline = (words: string): string =>
    parseInline(words)
      .nodes.map(({ text, link }) => {
        const target = link === undefined ? undefined : toSafeAddress(link);
        if (target !== undefined) targets.add(target);
        return text;
      })
      .join("");
  return blocks
    .map((block): string => {
      switch (block.type) {
        case "rule":
          return "";
        case "code":
          return block.text;
        case "quote":
          return toMeant(block.blocks, targets);
        case "item":
          return block.marker + toMeant(block.blocks, targets);
        case "table":
          return [block.header, ...block.rows].flat().map(inline).join("");
        case "heading":
        case "paragraph":
          return inline(block.words);
        default:
          return block satisfies never;
      }
    })
    .join("\n");
}

function toWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function judgeLink({ target, words, isSaid }: SeenLink, targets: ReadonlySet<string>): string | undefined {
  if (!/^(?:https?:\/\/|mailto:)[!-~]+$/.test(target)) return `a link to ${target}`;
  if (!targets.has(target)) return `a link that nobody wrote: ${target}`;
  const place = URL.parse(target);
  const claims =
    words.match(/(?:https?:\/\/|www[.。])[\p{L}\p{N}.-]+|^\s*[^\s/?#]+[.。][a-z]{2,}(?=[\s/?#]*$)/giu) ?? [];
  const hosts = claims.map((claim) =>
    claim
      .trim()
      .replace(/^https?:\/\//i, "")
      .replace(/[.-]+$/, "")
      .toLowerCase(),
  );
  const isClaimed = (host: string): boolean => host.includes(".") || host.includes("。");
  const isItself = /^\S+$/.test(words) && URL.parse(words)?.host === place?.host;
  const isHonest =
    isItself ||
    hosts.filter(isClaimed).every((host) => [place?.host, place?.pathname.toLowerCase()].includes(host));
  const isPlain = place?.username === "" && place.password === "";
  return (isHonest && isPlain) || isSaid ? undefined : `${words} leads to ${target} and does not say so`;
}

function toLines(text: string): string {
  return text
    .replace(/\r\n?|\n/g, "\n")
    .replace(/[ \t]+(?=\n|$)/g, "")
    .trimEnd();
}

function toSigns(text: string): string {
  return text.replace(/[\s\p{Cc}]/gu, "");
}

function difference(one: string, other: string): string {
  const [left, right] = [toSigns(one), toSigns(other)];
  let at = 0;
  while (left[at] === right[at]) at += 1;
  return `${JSON.stringify(left.slice(at - 20, at + 40))} and not ${JSON.stringify(right.slice(at - 20, at + 40))}`;
}
