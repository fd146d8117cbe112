import { Database } from "bun:sqlite";
import { afterAll, beforeAll } from "bun:test";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

let bench: ProgramBench;
beforeAll(async () => {
  const script = [{ text: "", calls: [shell("curl -s http://example.com/")] }, { text: "Refused." }];
  bench = await ProgramBench.open({ script });
});
afterAll(() => bench[Symbol.asyncDispose]());

function allow(...words: readonly string[]): () => Promise<string> {
  return async () => (await bench.run(["groups", "egress", "allow", "main", ...words])).err;
}

testProvocations("egress", {
  notAHost: { names: ['"https://x.test/a"', "*.DOMAIN"], provoke: allow("https://x.test/a") },
  tooWide: { names: ['"*.com"', "*.example.com"], provoke: allow("*.com") },
  notOnTheInternet: { names: ["192.168.1.1", "never reaches"], provoke: allow("192.168.1.1") },
  notAPath: { names: ['"repos"', "/repos"], provoke: allow("x.test", "--read-only", "repos") },
  notAllowed: {
    names: ["example.org", "group main", "nanoclaw groups egress allow main HOST"],
    provoke: async () => (await bench.run(["groups", "egress", "deny", "main", "example.org"])).err,
  },
  brokenRule: {
    names: ['"exa mple:1"', "reaches nothing"],
    provoke: async () => {
      await bench.run(["groups", "list"]);
      const database = new Database(join(bench.state, "nanoclaw.db"));
      database.run("INSERT INTO egress_rules VALUES (1, 'exa mple', 1, '[]', 0)");
      database.close();
      const { out } = await bench.run(["agent", "--json", "-m", "go"]);
      return out.replaceAll('\\"', '"');
    },
  },
} satisfies Record<keyof Failures["egress"], Provocation>);
