import { afterAll, beforeAll } from "bun:test";
import type { Failures } from "../../../src/words/english/failures.ts";
import { program, ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

let bench: ProgramBench;
beforeAll(async () => {
  bench = await ProgramBench.open();
  await bench.run(["memory", "add", "Anna is allergic to nuts."]);
});
afterAll(() => bench[Symbol.asyncDispose]());

function typed(...argv: readonly string[]): (stdin?: string) => Promise<string> {
  return async (stdin = "") => (await bench.run(argv, { stdin })).err;
}

/** At a terminal, with this editor. */
function withEditor(editor: string | undefined): () => Promise<string> {
  return async () => {
    const { VISUAL: _, EDITOR: __, ...rest } = bench.env;
    const env = editor === undefined ? rest : { ...rest, EDITOR: editor };
    await using terminal = new PseudoTerminal([...program, "memory", "edit", "1"], {
      cwd: bench.folder,
      env,
    });
    await terminal.process.exited;
    return terminal.screen;
  };
}

testProvocations("memory", {
  unknownNote: { names: ["no note 99", "memory show"], provoke: () => typed("memory", "edit", "99")("x") },
  fileTooLong: {
    names: ["holds 8000 characters", "this has 9000", "memory add"],
    provoke: () => typed("memory", "edit")("x".repeat(9000)),
  },
  noText: { names: ["brought no text", "echo | nanoclaw memory edit"], provoke: typed("memory", "edit") },
  noEditor: { names: ["neither VISUAL nor EDITOR", "EDITOR=nano"], provoke: withEditor(undefined) },
  editorMissing: { names: ['no program "nanoo -w"', "VISUAL or EDITOR"], provoke: withEditor("nanoo -w") },
  editorFailed: { names: ["false ended with 1", "Nothing was changed"], provoke: withEditor("false") },
} satisfies Record<keyof Failures["memory"], Provocation>);
