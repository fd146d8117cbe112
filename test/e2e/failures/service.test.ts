import { afterAll, beforeAll } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";
import { ServiceBench } from "../../fakes/service-bench.ts";

let bench: ServiceBench;

beforeAll(async () => {
  bench = await ServiceBench.open();
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

testProvocations("service", {
  refused: {
    names: ["systemctl", "Failed to connect to bus", "journalctl"],
    provoke: () => bench.failing("Failed to connect to bus", () => bench.trySystemd("install")),
  },
  notInstalled: {
    names: ["not installed", "nanoclaw service install"],
    provoke: () => bench.trySystemd("start"),
  },
  foreignFile: {
    names: ["was not made by NanoClaw", ".service", "Move it away"],
    provoke: async () => {
      const path = bench.unitFile;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, "[Unit]\nDescription=mine\n");
      return await bench.trySystemd("install");
    },
  },
  endedAtOnce: {
    names: ["ended as soon as it had begun", "the port is taken", "nanoclaw gateway --logs"],
    provoke: () => bench.tryBackground("echo the port is taken >&2; exit 1"),
  },
} satisfies Record<keyof Failures["service"], Provocation>);
