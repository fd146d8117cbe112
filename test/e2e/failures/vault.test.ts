import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

const url = ["--url", "https://api.example.com"];
const all = ["--path", "/"];

/** With a secret that is there, and a grant when `isGranted`. */
function secrets(
  words: readonly string[],
  { value = "a-long-value", isGranted = false, stdin = "" } = {},
): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    await bench.run(["secrets", "set", "A_KEY", "-"], { stdin: value });
    if (isGranted) await bench.run(["secrets", "grant", "A_KEY", "--name", "hub", ...url, ...all]);
    return (await bench.run(["secrets", ...words], { stdin })).err;
  };
}

const grant = (...words: readonly string[]): (() => Promise<string>) => secrets(["grant", "A_KEY", ...words]);

/** A row that another program wrote, met by a command that reads it. */
async function spoilGrant(): Promise<string> {
  await using bench = await ProgramBench.open({
    script: [
      { calls: [{ name: "shell", arguments: { command: "curl -s $NANOCLAW_GRANT_HUB_URL/a" } }] },
      { text: "Done." },
    ],
  });
  await bench.run(["secrets", "set", "A_KEY", "-"], { stdin: "a-long-value" });
  await bench.run(["secrets", "grant", "A_KEY", "--name", "hub", ...url, ...all]);
  using database = new Database(join(bench.state, "nanoclaw.db"));
  database.run("UPDATE grants SET terms = '{}'");
  await bench.ask("try it");
  return JSON.stringify(bench.requests.at(-1)?.body ?? {});
}

testProvocations("vault", {
  noSecret: { names: ["no secret B_KEY", "A_KEY"], provoke: secrets(["remove", "B_KEY"]) },
  noValue: { names: ["No value came", "secrets set"], provoke: secrets(["set", "B_KEY", "-"]) },
  typedValue: {
    names: ["command line", "secrets set B_KEY"],
    provoke: secrets(["set", "B_KEY", "typed-by-mistake"]),
  },
  tooShort: {
    names: ["less than 8", "longer"],
    provoke: secrets(["grant", "A_KEY", ...url, ...all], { value: "short" }),
  },
  inUse: { names: ["hub of main", "--force"], provoke: secrets(["remove", "A_KEY"], { isGranted: true }) },
  grantName: { names: ['"My Hub"', "github"], provoke: grant("--name", "My Hub", ...url, ...all) },
  noGrant: { names: ["no grant hu", "hub"], provoke: secrets(["revoke", "main", "hu"], { isGranted: true }) },
  notABase: { names: ['"github"', "https://HOST"], provoke: grant("--url", "github", "--name", "x", ...all) },
  notEncrypted: {
    names: ["http://api.example.com", "https://"],
    provoke: grant("--url", "http://api.example.com", ...all),
  },
  notAMethod: { names: ['"GRAB"', "GET"], provoke: grant(...url, ...all, "--method", "GRAB") },
  noPath: { names: ["which paths", "--path"], provoke: grant(...url) },
  notAPath: { names: ['"/a/../b"', "slash"], provoke: grant(...url, "--path", "/a/../b") },
  badHeader: { names: ["Host", "--header"], provoke: grant(...url, ...all, "--header", "Host") },
  badUser: { names: ["colon", "--basic USER"], provoke: grant(...url, ...all, "--basic", "a:b") },
  noModels: { names: ["which models", "--model"], provoke: grant(...url, "--model-wire", "openai") },
  oneWay: { names: ["one way", "--header"], provoke: grant(...url, ...all, "--basic", "a", "--query", "k") },
  brokenGrant: { names: ["grant hub cannot be understood"], provoke: spoilGrant },
} satisfies Record<keyof Failures["vault"], Provocation>);
