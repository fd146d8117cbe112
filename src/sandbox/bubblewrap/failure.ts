import { existsSync, readFileSync } from "node:fs";

/** What a person can do about a sandbox that did not start. */
export interface Diagnosis {
  /** Empty when it said nothing. */
  readonly reason: string;
  /** Nothing when the cause is not the system. */
  readonly remedy: string | undefined;
}

/** The first line of a file of the system, or nothing. */
export type ReadFact = (path: string) => string | undefined;

const appArmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
const debian = "/proc/sys/kernel/unprivileged_userns_clone";
const limit = "/proc/sys/user/max_user_namespaces";

const profile = [
  "abi <abi/4.0>,",
  "include <tunables/global>",
  "profile bwrap /usr/bin/bwrap flags=(unconfined) {",
  "  userns,",
  "  include if exists <local/bwrap>",
  "}",
].join("\\n");

/** Reads what `bwrap` or a helper of root's wrote before it gave up. */
export function diagnose(stderr: string, readFact: ReadFact = readSystemFact): Diagnosis {
  const reason = stderr.trim().split("\n").at(-1) ?? "";
  return { reason, remedy: isForbidden(stderr) ? findRemedy(stderr, readFact) : undefined };
}

function isForbidden(stderr: string): boolean {
  return /unknown option|namespace|uid map|mount proc|unshare|nsenter|Operation not permitted/i.test(stderr);
}

function findRemedy(stderr: string, readFact: ReadFact): string {
  if (/unknown option/i.test(stderr)) return "Install bubblewrap 0.8 or newer.";
  const isContainer = readFact("/.dockerenv") !== undefined || readFact("/run/.containerenv") !== undefined;
  if (isContainer) {
    return "Give the container what a sandbox needs: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined --user 1000";
  }
  if (readFact(appArmor) === "1") {
    return `Allow bubblewrap in AppArmor: printf '${profile}\\n' | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap`;
  }
  if (readFact(debian) === "0")
    return "Allow user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1";
  if (readFact(limit) === "0") return "Allow user namespaces: sudo sysctl -w user.max_user_namespaces=28633";
  return "This system forbids NanoClaw to make namespaces: run it outside of containers and restricted services.";
}

function readSystemFact(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
