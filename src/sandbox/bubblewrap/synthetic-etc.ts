/** The identity that every sandbox shows: nothing here says on which host or for whom it runs. */
export const identity = { name: "agent", id: 1000, host: "sandbox" } as const;

/** The files of `/etc` that we write ourselves. */
export const syntheticEtc: Readonly<Record<string, string>> = {
  "/etc/passwd": [
    "root:x:0:0:root:/root:/usr/sbin/nologin",
    `${identity.name}:x:${identity.id}:${identity.id}:${identity.name}:/home/${identity.name}:/bin/sh`,
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
    "",
  ].join("\n"),
  "/etc/group": `root:x:0:\n${identity.name}:x:${identity.id}:\nnogroup:x:65534:\n`,
  "/etc/hostname": `${identity.host}\n`,
  "/etc/hosts": `127.0.0.1 localhost ${identity.host}\n::1 localhost\n`,
  "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
};

/** Parts of the host's `/etc` that everyday programs need and that hold nothing about the host. Only those that exist are shown. */
export const sharedEtc = [
  "/etc/alternatives",
  "/etc/ssl/certs",
  "/etc/ssl/openssl.cnf",
  "/etc/ca-certificates/extracted",
  "/etc/pki/tls/certs",
  "/etc/pki/ca-trust/extracted",
  "/etc/crypto-policies",
  "/etc/ld.so.cache",
  "/etc/manpath.config",
  "/etc/man_db.conf",
] as const;
