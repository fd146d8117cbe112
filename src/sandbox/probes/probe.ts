import type { SandboxLimits } from "../limits.ts";

/**
 * An attack that says so when it works: it prints `WORKED`, or the canary of the run. `sh` is a line for a shell; `js` an expression
 * that our own executable evaluates, with `sys(name, …)` for a system call, `text(…)` for what one takes, and `error()` for why it failed.
 */
export type Attack = { readonly sh: string } | { readonly js: string };

/**
 * One thing that must not work inside. Both sides are told by variables where things of the host are: `SSH_KEY`, `OTHER_FILE`, `HOST_SHM`,
 * `STATE`, `VICTIM` (a process), `PORT`, `SOCKET`, `ABSTRACT`, `SHM_KEY`, `HOST_NAME`; and `SPARE`, a folder that may be written.
 */
export interface Probe {
  readonly id: string;
  /** For a person: "read an SSH key of yours". */
  readonly tries: string;
  readonly attack: Attack;
  /**
   * What shows that the attack works on this machine where nothing holds it; the attack itself without it. Outside only folders and
   * processes that were made for it are touched.
   */
  readonly control?: Attack;
  /** In a sandbox of which more is asked than these allow. */
  readonly limits?: Partial<SandboxLimits>;
  /** It is held only where the kernel counts for a whole sandbox. */
  readonly needs?: keyof SandboxLimits;
}

export type Verdict =
  | "held"
  | "leaked"
  /** It did not work outside either: nothing is proven. */
  | "no control"
  /** It could not be tried inside. */
  | "not run";

export interface ProbeResult {
  readonly id: string;
  readonly tried: string;
  /** What came of it inside, or why nothing did. */
  readonly seen: string;
  readonly verdict: Verdict;
}
