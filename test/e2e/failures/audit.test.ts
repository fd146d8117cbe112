import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

function audit(...words: readonly string[]): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    return (await bench.run(["audit", ...words])).err;
  };
}

testProvocations("audit", {
  notAHead: { names: ['"1234"', "1234:9f86d081884c7d65"], provoke: audit("--verify", "--head", "1234") },
  notASince: { names: ['"yesterday"', "2h, 30m, 7d"], provoke: audit("--since", "yesterday") },
} satisfies Record<keyof Failures["audit"], Provocation>);
