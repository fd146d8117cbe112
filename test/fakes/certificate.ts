import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** One for 127.0.0.1, signed by itself, valid between two times like `20200101000000Z`; made by `openssl`. */
export function makeCertificateFor(from: string, to: string, name = "IP:127.0.0.1"): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "nanoclaw-certificate-"));
  function run(...args: readonly string[]): void {
    const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args], { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr.toString());
  }
  try {
    writeFileSync(join(folder, "index.txt"), "");
    writeFileSync(join(folder, "ca.cnf"), toConfig(name));
    const subject = ["-subj", "/CN=127.0.0.1", "-config", "ca.cnf"];
    run(
      "req",
      "-new",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      "key.pem",
      "-out",
      "request.pem",
      ...subject,
    );
    const dates = ["-startdate", from, "-enddate", to];
    const files = ["-keyfile", "key.pem", "-in", "request.pem", "-out", "certificate.pem"];
    run("ca", "-batch", "-selfsign", "-notext", "-config", "ca.cnf", ...files, ...dates);
    return {
      key: readFileSync(join(folder, "key.pem"), "utf8"),
      cert: readFileSync(join(folder, "certificate.pem"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function toConfig(name: string): string {
  return `[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = ${name}
basicConstraints = CA:TRUE
[req]
distinguished_name = empty
[empty]
`;
}
