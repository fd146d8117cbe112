import type { Figures } from "./measure.ts";

export function toFigures(samples: readonly number[]): Figures {
  return { min: Math.min(...samples), p50: at(samples, 0.5), p95: at(samples, 0.95) };
}

export function toFixed(value: number): Figures {
  return { min: value, p50: value, p95: value };
}

export function at(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What a process holds of memory now, in MB. */
export async function readMemory(pid: number | undefined): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1000;
}
