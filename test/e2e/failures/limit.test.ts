import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

/** One question, after others have been answered, under these limits. */
function askAgain(
  limits: Readonly<Record<string, unknown>>,
  before: readonly string[],
): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open({ config: { limits }, script: () => ({ text: "Yes." }) });
    await bench.run(["groups", "add", "family"]);
    for (const group of before) await bench.ask("hi", "-g", group);
    return (await bench.ask("and now?", "-g", "family")).err;
  };
}

testProvocations("limit", {
  groupBudget: {
    names: ["The group family has used up its day", "of 1 tokens", "limits.groupTokensPerDay"],
    provoke: askAgain({ groupTokensPerDay: 1 }, ["family"]),
  },
  sharedBudget: {
    names: ["All groups but main", "of $0.00", "limits.dollarsPerDay", "limits.mainPercent"],
    provoke: askAgain({ dollarsPerDay: 1, mainPercent: 100, prices: { "*": { input: 1, output: 1 } } }, []),
  },
  dayBudget: {
    names: ["The day's budget is used up", "of 1 tokens", "limits.tokensPerDay"],
    provoke: askAgain({ tokensPerDay: 1 }, ["main"]),
  },
} satisfies Record<keyof Failures["limit"], Provocation>);
