import { afterAll, beforeAll } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
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
  startedByHand: {
    names: ["started by hand", "kill ", "nanoclaw service start", "still serves"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open();
      await gateway.start();
      const serve = async (verb: string) =>
        (await gateway.bench.run(["service", verb, "--manager", "background"])).err;
      const said = [await serve("start"), await serve("install"), await serve("stop")];
      const { out } = await gateway.bench.run(["service", "status", "--manager", "background", "--json"]);
      const isService: unknown = JSON.parse(out).isRunning;
      const { ok } = await fetch(`${gateway.address}/health`);
      return [...said, ok && isService === false ? "still serves" : ""].join("\n");
    },
  },
} satisfies Record<keyof Failures["service"], Provocation>);
