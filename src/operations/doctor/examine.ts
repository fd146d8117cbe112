import { explain } from "../../errors.ts";
import { doctorChecks } from "../../words/english/doctor-phrases.ts";
import { problem, type Checks, type DoctorCheck, type DoctorPlace, type Finding } from "./check.ts";

export interface Examined {
  readonly check: DoctorCheck;
  readonly findings: readonly Finding[];
  /** How many of its findings were repaired, and are found no more. */
  readonly repaired: number;
}

/** One check after the other, in the order in which they are told; with `fixes`, what can be repaired safely is. */
export async function* examine(
  checks: Checks,
  place: DoctorPlace,
  fixes: boolean,
  signal: AbortSignal,
): AsyncGenerator<Examined> {
  for (const check of doctorChecks) {
    const first = await look(check, checks, place, signal);
    const repairs = first.flatMap((finding) =>
      finding.state === "ok" || finding.repair === undefined ? [] : [finding.repair],
    );
    if (!fixes || repairs.length === 0) {
      yield { check, findings: first, repaired: 0 };
      continue;
    }
    const failed = await repair(repairs);
    const findings = await look(check, checks, place, signal);
    yield { check, findings: [...findings, ...failed], repaired: repairs.length - failed.length };
  }
}

async function look(
  check: DoctorCheck,
  checks: Checks,
  place: DoctorPlace,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    return await checks[check](place, signal);
  } catch (error) {
    signal.throwIfAborted();
    return [problem(explain(error))];
  }
}

async function repair(repairs: readonly (() => Promise<void>)[]): Promise<Finding[]> {
  const failed: Finding[] = [];
  for (const each of repairs) {
    try {
      await each();
    } catch (error) {
      failed.push(problem(explain(error)));
    }
  }
  return failed;
}
