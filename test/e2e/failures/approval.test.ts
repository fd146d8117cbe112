import { afterAll, beforeAll } from "bun:test";
import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

let bench: ProgramBench;
beforeAll(async () => {
  bench = await ProgramBench.open({ script: [{ text: "", calls: [shell("date")] }, { text: "It waits." }] });
  await bench.run(["policy", "set", "main", "locked"]);
  await bench.run(["agent", "-m", "go"]);
});
afterAll(() => bench[Symbol.asyncDispose]());

function run(...words: readonly string[]): () => Promise<string> {
  return async () => (await bench.run(words)).err;
}

testProvocations("approval", {
  unknown: { names: ["no request 7", "nanoclaw approvals list"], provoke: run("approvals", "show", "7") },
  noAlways: {
    names: ["Request 1 cannot", "nanoclaw approvals allow 1"],
    provoke: run("approvals", "allow", "1", "--always"),
  },
  over: {
    names: ["Request 1", "it is denied"],
    provoke: async () => {
      await bench.run(["approvals", "deny", "1"]);
      return (await bench.run(["approvals", "allow", "1"])).err;
    },
  },
  unknownLevel: {
    names: ['"lokced"', "locked, careful, trusted"],
    provoke: run("policy", "set", "main", "lokced"),
  },
  unknownAction: {
    names: ['"comand.run"', "Did you mean command.run?"],
    provoke: run("policy", "explain", "comand.run"),
  },
  unknownActor: {
    names: ['"me"', "agent-for-member"],
    provoke: run("policy", "explain", "command.run", "--as", "me"),
  },
  noPermission: {
    names: ["group main", "permission 9", "nanoclaw policy show main"],
    provoke: run("policy", "revoke", "main", "9"),
  },
} satisfies Record<keyof Failures["approval"], Provocation>);
