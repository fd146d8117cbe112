import { existsSync, readFileSync } from "node:fs";
import type { Saying } from "../../words/define-words.ts";
import { sandboxWords } from "../../words/english/sandbox.ts";

/** The first line of a file of the system, or nothing. */
export type ReadFact = (path: string) => string | undefined;

const appArmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
const debian = "/proc/sys/kernel/unprivileged_userns_clone";
const containerMarks = ["/.dockerenv", "/run/.containerenv", "/run/systemd/container"];
const limit = "/proc/sys/user/max_user_namespaces";

const profile = [
  "abi <abi/4.0>,",
  "include <tunables/global>",
  "profile bwrap /usr/bin/bwrap flags=(unconfined) {",
  "  userns,",
  "  include if exists <local/bwrap>",
  "}",
].join("\\n");

/** Puts into words what `bwrap` or a helper of root's wrote before it gave up. */
export function diagnose(stderr: string, code: number, readFact: ReadFact = readFactBelow("")): Saying {
  const said = stderr.trim().split("\n").at(-1) ?? "";
  if (/unknown option/i.test(stderr)) return sandboxWords.tooOld({ said });
  if (/Cannot allocate memory|Resource temporarily unavailable|fork.*failed|out of memory/i.test(stderr)) {
    return sandboxWords.outOfMemory({ said });
  }
  if (!isForbidden(stderr)) return sandboxWords.notStarted({ said, code });
  // What is switched off for all stays so in a container too.
  if (readFact(limit) === "0") {
    return sandboxWords.switchedOff({ said, setting: "user.max_user_namespaces=28633" });
  }
  if (containerMarks.some((path) => readFact(path) !== undefined)) return sandboxWords.inContainer({ said });
  if (readFact(appArmor) === "1") return sandboxWords.appArmor({ said, profile });
  if (readFact(debian) === "0") {
    return sandboxWords.switchedOff({ said, setting: "kernel.unprivileged_userns_clone=1" });
  }
  return sandboxWords.forbidden({ said });
}

function isForbidden(stderr: string): boolean {
  return /namespace|uid map|mount proc|unshare|nsenter|Operation not permitted/i.test(stderr);
}

/** The facts of this system, or of a tree that stands for one. */
export function readFactBelow(root: string): ReadFact {
  return (path) => {
    if (!existsSync(root + path)) return undefined;
    try {
      return readFileSync(root + path, "utf8").trim();
    } catch {
      return undefined;
    }
  };
}
