import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificateFor } from "../certificate.ts";

/** What a mail program has to know of the server, and who trusts it. */
export interface MailPorts {
  readonly imap: number;
  readonly imaps: number;
  /** STARTTLS, and nothing without it. */
  readonly submission: number;
  readonly smtps: number;
}

const password = "mail-password-of-the-test";
const domain = "test.local";

const queues = [
  ...["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming"],
  ...["maildrop", "private", "public", "saved", "trace"],
];

/** Whether this machine can run them: Postfix begins as root only, and both come from Debian. */
export function hasMailServer(): boolean {
  return process.getuid?.() === 0 && Bun.which("dovecot") !== null && Bun.which("postfix") !== null;
}

/** Dovecot and Postfix as Debian has them, with folders, ports and a certificate of their own. Every name has a mailbox. */
export class RealMailServer implements AsyncDisposable {
  readonly password = password;
  readonly domain = domain;
  readonly folder: string;
  readonly ports: MailPorts;
  /** The certificate that signs itself: whoever is to trust the server names this file. */
  readonly caFile: string;
  readonly #running: readonly Bun.Subprocess[];

  private constructor(folder: string, ports: MailPorts, running: readonly Bun.Subprocess[]) {
    this.folder = folder;
    this.ports = ports;
    this.caFile = join(folder, "certificate.pem");
    this.#running = running;
  }

  static async open(): Promise<RealMailServer> {
    const folder = await mkdtemp(join(tmpdir(), "nanoclaw-mail-"));
    await chmod(folder, 0o755);
    const [imap = 0, imaps = 0, lmtp = 0, submission = 0, smtps = 0] = await findFreePorts(5);
    const ports = { imap, imaps, submission, smtps };
    const { key, cert } = makeCertificateFor(
      "20200101000000Z",
      "20991231000000Z",
      "IP:127.0.0.1,DNS:localhost",
    );
    await writeFile(join(folder, "certificate.pem"), cert);
    await writeFile(join(folder, "key.pem"), key, { mode: 0o600 });
    for (const name of ["mail", "dovecot", "postfix/queue/pid"]) {
      await mkdir(join(folder, name), { recursive: true, mode: 0o755 });
    }
    const [mail = 0, postfix = 0] = await Promise.all(["mail", "postfix"].map(findUser));
    await chown(join(folder, "mail"), mail, mail);
    for (const name of ["data", ...queues.map((each) => `queue/${each}`)]) {
      await mkdir(join(folder, "postfix", name), { mode: 0o755 });
      await chown(join(folder, "postfix", name), postfix, 0);
    }
    await writeFile(join(folder, "dovecot.conf"), toDovecot(folder, { ...ports, lmtp }));
    await writeFile(join(folder, "postfix/main.cf"), toPostfix(folder, lmtp));
    await writeFile(join(folder, "postfix/master.cf"), toServices(ports));
    const dovecot = Bun.spawn(["dovecot", "-F", "-c", join(folder, "dovecot.conf")], {
      stdout: "ignore",
      stderr: Bun.file(join(folder, "dovecot.err")),
    });
    const master = Bun.spawn(["/usr/lib/postfix/sbin/master", "-c", join(folder, "postfix"), "-d"], {
      stdout: Bun.file(join(folder, "postfix.out")),
      stderr: Bun.file(join(folder, "postfix.err")),
    });
    const server = new RealMailServer(folder, ports, [dovecot, master]);
    try {
      for (const port of [imap, imaps, lmtp, submission, smtps]) await waitForPort(port);
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  addressOf(name: string): string {
    return `${name}@${domain}`;
  }

  /** What the servers wrote of themselves. */
  async readLog(): Promise<string> {
    const names = ["dovecot.log", "dovecot.err", "postfix.out", "postfix.err"];
    const read = async (name: string) => await readFile(join(this.folder, name), "utf8").catch(() => "");
    return (await Promise.all(names.map(read))).join("\n");
  }

  /** With the programs that they started: each is the head of its own. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#running) program.kill("SIGTERM");
    await Promise.all(this.#running.map(({ exited }) => exited));
    await rm(this.folder, { recursive: true, force: true });
  }
}

function toDovecot(folder: string, { imap, imaps, lmtp }: MailPorts & { readonly lmtp: number }): string {
  return `base_dir = ${folder}/dovecot
state_dir = ${folder}/dovecot
log_path = ${folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
auth_mechanisms = plain login
disable_plaintext_auth = yes
ssl = yes
ssl_cert = <${folder}/certificate.pem
ssl_key = <${folder}/key.pem
mail_location = maildir:${folder}/mail/%n
first_valid_uid = 1
auth_username_format = %n
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/mail/%n
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
service imap-login {
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = ${imaps}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtp}
  }
}
service auth {
  unix_listener ${folder}/postfix/queue/private/auth {
    mode = 0666
  }
}
`;
}

function toPostfix(folder: string, lmtp: number): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/postfix/queue
data_directory = ${folder}/postfix/data
myhostname = mail.${domain}
mydestination =
virtual_mailbox_domains = ${domain}
virtual_transport = lmtp:inet:127.0.0.1:${lmtp}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = yes
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = ${folder}/certificate.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_rate_limit = 0
maillog_file = /dev/stdout
alias_maps =
alias_database =
`;
}

function toServices({ submission, smtps }: MailPorts): string {
  return `127.0.0.1:${submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:${smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}

async function findFreePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  return await Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
  );
}

async function findUser(name: string): Promise<number> {
  const line = (await readFile("/etc/passwd", "utf8"))
    .split("\n")
    .find((each) => each.startsWith(`${name}:`));
  const id = Number(line?.split(":")[2]);
  if (!Number.isInteger(id)) throw new Error(`there is no user ${name}`);
  return id;
}

/** They listen when they are ready, and tell nobody. */
async function waitForPort(port: number): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } }).catch(
      () => undefined,
    );
    if (socket !== undefined) return void socket.end();
    if (Date.now() > until) throw new Error(`nothing listens on ${port}`);
    await Bun.sleep(50);
  }
}
