import { chmod, chown, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { ProgramBench, type RunOptions } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";
import { asNobody, nobody, onReadOnlyDisk } from "../../fakes/surroundings.ts";

/** Runs the program on a machine that `prepare` has spoilt; resolves with what it says. */
function spoil(
  prepare: (bench: ProgramBench) => Promise<unknown>,
  options: (bench: ProgramBench) => RunOptions = () => ({}),
  argv: readonly string[] = ["agent", "-m", "hi"],
): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    await prepare(bench);
    return (await bench.run(argv, options(bench))).err;
  };
}

const unspoilt = async (): Promise<void> => {};
const config = (bench: ProgramBench): string => join(bench.state, "config.json");
const isRoot = process.getuid?.() === 0;

testProvocations("home", {
  unset: {
    names: ["HOME is not set", "NANOCLAW_HOME"],
    provoke: spoil(unspoilt, () => ({ env: { HOME: undefined, NANOCLAW_HOME: undefined } })),
  },
  relative: {
    names: ['"data"', "beginning with /"],
    provoke: spoil(unspoilt, () => ({ env: { NANOCLAW_HOME: "data" } })),
  },
  ofAnother: {
    names: ["/usr belongs to another user (uid 0", "chown -R"],
    provoke: spoil(unspoilt, () => ({ env: { NANOCLAW_HOME: "/usr" }, under: asNobody })),
  },
  openToOthers: {
    names: ["can be written by other users (mode 777)", "chmod 700 /"],
    provoke: spoil(({ state }) => chmod(state, 0o777)),
  },
  noFolder: {
    names: ["config.json is no folder", "NANOCLAW_HOME"],
    provoke: spoil(unspoilt, (bench) => ({ env: { NANOCLAW_HOME: config(bench) } })),
  },
  cannotMake: {
    names: ["/new cannot be made: that disk can only be read", "NANOCLAW_HOME"],
    provoke: spoil(unspoilt, ({ state }) => ({
      env: { NANOCLAW_HOME: `${state}/new` },
      under: onReadOnlyDisk(state),
    })),
  },
  fileNotFile: {
    names: ["config.json is no file"],
    provoke: spoil(async (bench) => {
      await rm(config(bench));
      await mkdir(config(bench));
    }),
  },
  fileTooLarge: {
    names: ["config.json is larger than 1 MB"],
    provoke: spoil((bench) => writeFile(config(bench), " ".repeat(1_048_577))),
  },
  fileOpenToOthers: {
    names: ["config.json can be written by other users (mode 666)", "chmod 600 /"],
    provoke: spoil((bench) => chmod(config(bench), 0o666)),
  },
  fileUnreadable: {
    names: ["config.json cannot be read: permission was refused", "ls -l /"],
    provoke: spoil(
      async (bench) => {
        if (isRoot) await chown(bench.state, nobody, nobody);
        else await chmod(config(bench), 0);
      },
      () => ({ under: asNobody }),
    ),
  },
  fileBelowNoFolder: {
    names: ["its folder is not one", "NANOCLAW_HOME"],
    provoke: spoil(unspoilt, (bench) => ({ env: { NANOCLAW_HOME: config(bench) } }), ["config", "check"]),
  },
  fileNotText: {
    names: ["config.json is UTF-16 text", "Save it as UTF-8"],
    provoke: spoil((bench) => writeFile(config(bench), new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]))),
  },
  secretsBroken: {
    names: ["secrets.json is not JSON", "OPENROUTER_API_KEY"],
    provoke: spoil(async (bench) => {
      await rm(config(bench));
      await writeFile(join(bench.state, "secrets.json"), "sk-nope", { mode: 0o600 });
    }),
  },
  secretSealed: {
    names: ["The secret A_KEY cannot be opened", "secrets.key", "nanoclaw secrets"],
    provoke: spoil(
      async (bench) => {
        await bench.run(["secrets", "set", "A_KEY", "-"], { stdin: "a-long-value" });
        await rm(join(bench.state, "secrets.key"));
      },
      () => ({}),
      ["secrets", "grant", "A_KEY", "--url", "https://example.com", "--path", "/a"],
    ),
  },
  sealKeyBroken: {
    names: ["secrets.key holds no key", "backup"],
    provoke: spoil(
      async (bench) => {
        await bench.run(["secrets", "set", "A_KEY", "-"], { stdin: "a-long-value" });
        await writeFile(join(bench.state, "secrets.key"), "c2hvcnQ=");
      },
      () => ({}),
      ["secrets", "grant", "A_KEY", "--url", "https://example.com", "--path", "/a"],
    ),
  },
  secretName: {
    names: ['"a-key" cannot be', "OPENROUTER_API_KEY"],
    provoke: spoil(
      async () => {},
      () => ({ stdin: "a-long-value" }),
      ["secrets", "set", "a-key", "-"],
    ),
  },
} satisfies Record<keyof Failures["home"], Provocation>);
