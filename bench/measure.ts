export interface Subject {
  readonly name: string;
  /** Milliseconds of one run, already checked to have done what it should. */
  run(): Promise<number>;
}

export interface Figures {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
}

/** Runs all subjects round by round, each round in another order, so that what the machine does meanwhile meets all alike. */
export async function measure(
  subjects: readonly Subject[],
  rounds: number,
): Promise<ReadonlyMap<string, Figures>> {
  const warmUps = 3;
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    const turn = (round + warmUps) % Math.max(subjects.length, 1);
    for (const subject of [...subjects.slice(turn), ...subjects.slice(0, turn)]) {
      const sample = await subject.run();
      if (round >= 0) samples.get(subject.name)?.push(sample);
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, toFigures(taken)]));
}

function toFigures(samples: readonly number[]): Figures {
  const sorted = samples.toSorted((left, right) => left - right);
  return { min: at(sorted, 0), p50: at(sorted, 0.5), p95: at(sorted, 0.95) };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Must stand in what it prints. */
  readonly expected: string;
  readonly prepare?: () => Promise<void>;
}

/** A program started anew each time, from the call to its end. Throws when it fails: a failure is fast and worth nothing. */
export function createCommand(name: string, argv: readonly string[], options: CommandOptions): Subject {
  return {
    name,
    async run() {
      await options.prepare?.();
      const started = performance.now();
      const child = start(argv, options);
      const ms = performance.now() - started;
      if (child.exitCode !== 0 || !child.stdout.toString().includes(options.expected)) {
        throw new Error(
          `${name} failed (${child.exitCode}):\n${child.stdout.toString()}${child.stderr.toString()}`,
        );
      }
      return ms;
    },
  };
}

/** Peak resident memory in MB, the median of five runs, by the compiled `floors/peak-memory.ts`. */
export async function measureMemory(
  launcher: string,
  argv: readonly string[],
  options: CommandOptions,
): Promise<number> {
  await Promise.all([launcher, ...argv.slice(0, 1)].map(dropCached));
  const samples: number[] = [];
  for (let run = 0; run < 5; run++) {
    await options.prepare?.();
    const [code, bytes] = start([launcher, ...argv], options)
      .stdout.toString()
      .trim()
      .split(" ")
      .map(Number);
    if (code !== 0 || bytes === undefined)
      throw new Error(`${argv.join(" ")} failed (${code}) under ${launcher}`);
    samples.push(bytes / 1e6);
  }
  return at(
    samples.toSorted((left, right) => left - right),
    0.5,
  );
}

/**
 * A file just written sits in the page cache in larger pieces than one read from disk, and a program that maps it seems
 * 6 MB bigger. Forgotten and read again, it is as it will be from the next day on.
 */
export async function dropCached(path: string): Promise<void> {
  if (process.platform !== "linux") return;
  const flags = ["conv=notrunc,fdatasync", "count=0", "oflag=nocache", "status=none"];
  await Bun.spawn(["dd", `of=${path}`, ...flags], { stdout: "ignore", stderr: "ignore" }).exited;
}

function start(argv: readonly string[], options: CommandOptions): Bun.SyncSubprocess<"pipe", "pipe"> {
  return Bun.spawnSync([...argv], {
    cwd: options.cwd,
    env: { ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 30_000,
  });
}
