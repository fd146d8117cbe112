type Random = (below: number) => number;

const anna = "Anna <anna@people.example>";

/** Headers that want to be more than they are, or to end up in what is answered. */
const headers = [
  "Subject: hi",
  "Subject: =?utf-8?Q?hi=0D=0ABcc:_eve@evil.example?=",
  "Subject: =?utf-8?B?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
  "Subject: =?x-unknown?Q?=ZZ?= =?utf-8?X?x?=",
  `Subject: ${"=?utf-8?Q?a?= ".repeat(500)}`,
  `Subject: ${"x".repeat(20_000)}`,
  "Subject: a\r\n\tBcc: eve@evil.example",
  "Subject: \u202Exet \u0000\u0007",
  "References: <a@b>\r\n <c@d> <e\u0000f@g> <\u2028@x> <a@b\u0085Bcc:eve@evil.example>",
  `References: ${"<a@b> ".repeat(3000)}`,
  "In-Reply-To: <x@y>\r\n Bcc: eve@evil.example",
  "Message-ID: <m@people.example>",
  "Message-ID: <m\u000BBcc:eve@evil.example>",
  `Message-ID: <${"m".repeat(5000)}@x>`,
  "Message-ID: nothing",
  "To: nano@mail.example, eve@evil.example; ,,, <<>>",
  `To: ${"a@b.example, ".repeat(2000)}`,
  "To: undisclosed-recipients:;",
  "Cc: group: a@b.example, c@d.example;",
  "Reply-To: eve@evil.example",
  "Sender: eve@evil.example",
  "Date: 0000-00-00",
  "Date: =?utf-8?Q?=0D=0A?=",
  "Content-Type: text/html; charset=utf-7",
  "Content-Type: text/plain; charset=x-none",
  "Content-Type: text/plain; charset=iso-2022-jp",
  "Content-Type: text/plain; charset=utf-16",
  "Content-Type: text/plain; charset=\"utf-8\r\n\tx\"; name*0*=utf-8''%0d%0a; name*1=x; format=flowed; delsp=yes",
  "Content-Type: multipart/mixed",
  "Content-Type: multipart/mixed; boundary=",
  "Content-Type: ;;;===",
  "Content-Transfer-Encoding: base64",
  "Content-Transfer-Encoding: quoted-printable",
  "Content-Transfer-Encoding: x-uuencode",
  "Content-Disposition: attachment; filename=\"../../x\u0000\r\n y\"; filename*=utf-8''%ff%0d%0a",
  "MIME-Version: 7",
  ": no name",
  "no colon",
  `X-Long: ${"y".repeat(150_000)}`,
];

const bodies = [
  "hi",
  "",
  "SGk=\r\n====!!!!",
  "=ZZ=\r\n=C3=28=",
  "\u00ff\u00fe\u0000",
  "<p>hi<script>x</script><a href=javascript:x>y</a>",
  "<table><tr><td>x",
  "<blockquote>x",
  "> ".repeat(3000),
  "On Monday, x wrote:\r\n".repeat(500),
  `On ${"a".repeat(100_000)} wrote`,
  "From: a\r\nSent: b\r\nTo: c\r\n".repeat(500),
  "-- \r\n".repeat(2000),
  "\r\n".repeat(20_000),
  `${"&#x41;".repeat(5000)}${"&".repeat(5000)}`,
  "begin 644 x\r\n#0V%T\r\n`\r\nend",
];

const longest = 512 * 1024;

/** A mail that nobody means well with: of random parts, cut and spoilt at random places. */
export function createHostileMail(random: Random): Uint8Array {
  const head = [`From: ${anna}`, ...pickSome(headers, random, 8)];
  const text = `${head.join("\r\n")}\r\n\r\n`;
  const whole = random(3) === 0 ? text + pick(bodies, random) : nest(head, random);
  const bytes = Buffer.from(whole, random(2) === 0 ? "latin1" : "utf8");
  for (let times = random(4) === 0 ? random(10) : 0; times > 0; times--)
    bytes[random(bytes.length)] = random(256);
  // As much of a mail is fetched.
  return bytes.subarray(0, Math.min(longest, random(4) === 0 ? random(bytes.length + 1) : bytes.length));
}

function nest(head: readonly string[], random: Random): string {
  const levels = random(5) === 0 ? 1000 : random(60);
  const part = pick(
    ["<div>", "<table><tr><td>", "<blockquote>", "<ul><li>", "<b>", "<!--", "&lt;", "x "],
    random,
  );
  const html = `Content-Type: text/html\r\n\r\n${part.repeat(random(4) === 0 ? 4000 : random(50))}word\r\n`;
  const kinds = ["mixed", "alternative", "related", "digest", "report", "signed", "x"];
  let text = `${head.join("\r\n")}\r\n`;
  for (let level = 0; level < levels; level++) {
    // The same boundary for all is as good as none.
    const boundary = random(6) === 0 ? "b" : `b${level}`;
    const isPassedOn = random(10) === 0;
    text += `Content-Type: multipart/${pick(kinds, random)}; boundary="${boundary}"\r\n\r\n--${boundary}\r\n`;
    if (isPassedOn) text += `Content-Type: message/rfc822\r\n\r\nFrom: eve@evil.example\r\n`;
    if (random(4) === 0)
      text += `${pickSome(headers, random, 3).join("\r\n")}\r\n\r\n${pick(bodies, random)}\r\n--${boundary}\r\n`;
  }
  return `${text}${random(2) === 0 ? html : `Content-Type: text/plain\r\n\r\n${pick(bodies, random)}\r\n`}`;
}

function pickSome(items: readonly string[], random: Random, most: number): readonly string[] {
  return Array.from({ length: random(most) }, () => pick(items, random));
}

function pick(items: readonly string[], random: Random): string {
  return items[random(items.length)] ?? "";
}
