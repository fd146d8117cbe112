import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { MountBench } from "../../fakes/mount-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

/** Runs `groups mount …` in a folder with `site` in it, after `prepare`; resolves with what it says. */
function provoke(
  argv: readonly string[],
  list?: unknown,
  prepare: (bench: MountBench) => Promise<unknown> = async () => {},
): () => Promise<string> {
  return async () => {
    await using bench = await MountBench.open();
    if (list !== undefined) await bench.allow(list);
    await prepare(bench);
    return (await bench.mount(...argv)).err;
  };
}

const readable = { allowedRoots: [{ path: "ROOT", allowReadWrite: false }] };
const writable = { allowedRoots: [{ path: "ROOT", allowReadWrite: true }] };

testProvocations("mount", {
  noList: {
    names: ["mount-allowlist.json does not exist", '"allowedRoots"', '/folder/site","allowReadWrite":true'],
    provoke: provoke(["add", "main", "site:rw"]),
  },
  badList: {
    names: ["mount-allowlist.json is not valid", '"allowedRoot" is not known', '"allowedRoots"'],
    provoke: provoke(["add", "main", "site"], { allowedRoot: [] }),
  },
  notAllowed: {
    names: ["/folder/site lies in no folder", '"allowReadWrite":false'],
    provoke: provoke(["check", "site"], { allowedRoots: [{ path: "ROOT/sit" }] }),
  },
  blocked: {
    names: ["/folder/site", '"si*"', "blockedPatterns"],
    provoke: provoke(["add", "main", "site"], { ...readable, blockedPatterns: ["si*"] }),
  },
  onlyRead: {
    names: ["may only be read", '"allowReadWrite":true', "without :rw"],
    provoke: provoke(["add", "main", "site:rw"], readable),
  },
  onlyMainWrites: {
    names: ["by the group family", "nonMainReadOnly"],
    provoke: provoke(["add", "family", "site:rw"], { ...writable, nonMainReadOnly: true }, (bench) =>
      bench.run(["groups", "add", "family"]),
    ),
  },
  badName: {
    names: ['"../etc"', "--name"],
    provoke: provoke(["add", "main", "site", "--name", "../etc"], readable),
  },
  taken: {
    names: ['a mount "site" already', "--name", "groups mount remove main site"],
    provoke: provoke(["add", "main", "site"], readable, (bench) => bench.mount("add", "main", "site")),
  },
  unknown: {
    names: ['no mount "sites"', "It has: site"],
    provoke: provoke(["remove", "main", "sites"], readable, (bench) => bench.mount("add", "main", "site")),
  },
  lent: {
    names: ["/folder/site/inner is lent to the group family", "for reading"],
    provoke: async () => {
      await using bench = await MountBench.open();
      await bench.run(["groups", "add", "family"]);
      await mkdir(join(bench.folder, "site/inner"));
      await writeFile(join(bench.folder, "site/inner/page"), "");
      await using held = await bench.hold("family", "site:rw");
      const said = (await bench.program.ask("hi", "--folder", "site/inner:rw")).err;
      await held.end();
      return said;
    },
  },
} satisfies Record<keyof Failures["mount"], Provocation>);
