/** Where the mailboxes of large providers stand, by the domain of their addresses; IMAP at 993 everywhere. */
const known: Readonly<Record<string, readonly [imap: string, smtp: string, port: number]>> = {
  "gmail.com": ["imap.gmail.com", "smtp.gmail.com", 465],
  "googlemail.com": ["imap.gmail.com", "smtp.gmail.com", 465],
  "icloud.com": ["imap.mail.me.com", "smtp.mail.me.com", 587],
  "me.com": ["imap.mail.me.com", "smtp.mail.me.com", 587],
  "yahoo.com": ["imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465],
  "fastmail.com": ["imap.fastmail.com", "smtp.fastmail.com", 465],
  "gmx.de": ["imap.gmx.net", "mail.gmx.net", 465],
  "gmx.net": ["imap.gmx.net", "mail.gmx.net", 465],
  "web.de": ["imap.web.de", "smtp.web.de", 587],
  "mailbox.org": ["imap.mailbox.org", "smtp.mailbox.org", 465],
  "posteo.de": ["posteo.de", "posteo.de", 465],
  "qq.com": ["imap.qq.com", "smtp.qq.com", 465],
  "163.com": ["imap.163.com", "smtp.163.com", 465],
  "126.com": ["imap.126.com", "smtp.126.com", 465],
};

/** A suggestion: of others the usual names. */
export function findServers(address: string): Readonly<Record<string, string | number>> {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const [imapHost, smtpHost, smtpPort] = known[domain] ?? [`imap.${domain}`, `smtp.${domain}`, 465];
  return { imapHost, imapPort: 993, smtpHost, smtpPort };
}
