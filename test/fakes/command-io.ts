import type { CommandIo } from "../../src/commands/command-io.ts";

export interface FakeIoOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly isTerminal?: boolean;
}

export interface FakeIo {
  readonly io: CommandIo;
  readonly output: () => string;
  readonly errors: () => string;
}

/** A command's surroundings in memory. */
export function createFakeIo({ env, input = "", isTerminal = false }: FakeIoOptions): FakeIo {
  let output = "";
  let errors = "";
  const io: CommandIo = {
    env,
    cwd: "/",
    isTerminal: { input: isTerminal, output: isTerminal, error: isTerminal },
    columns: 80,
    async write(text) {
      output += text;
    },
    async writeError(text) {
      errors += text;
    },
    async readAllInput() {
      return new TextEncoder().encode(input);
    },
  };
  return { io, output: () => output, errors: () => errors };
}
