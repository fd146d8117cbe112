import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { join } from "node:path";
import { interruptedResult } from "../../src/agent/transcript.ts";
import { GatewayProgram } from "../fakes/gateway-program.ts";

/** The gateway dies after the words of a tool are in the outbox and before its result is on disk. */
async function dieBetween(forget: (database: Database) => void): Promise<{
  readonly told: string;
  readonly seen: readonly string[];
}> {
  let asked = 0;
  await using gateway = await GatewayProgram.open({
    script: () => {
      asked += 1;
      if (asked === 1) return { calls: [{ name: "send_message", arguments: { text: "First." } }] };
      return asked === 2 ? { fault: { type: "silence" } } : { text: "Last." };
    },
  });
  await gateway.start();
  await gateway.post({ text: "go" });
  const deadline = performance.now() + 10_000;
  while (asked < 2 && performance.now() < deadline) await Bun.sleep(5);
  await gateway.stop("SIGKILL");
  const database = new Database(join(gateway.bench.state, "nanoclaw.db"));
  database.run("DELETE FROM entries WHERE kind = 'tool'");
  forget(database);
  database.close();
  await gateway.start();
  while ((await gateway.replies()).at(-1)?.text !== "Last." && performance.now() < deadline)
    await Bun.sleep(5);
  const told = JSON.stringify(gateway.bench.requests.at(-1)?.body["messages"]);
  return { told, seen: (await gateway.replies()).map(({ text }) => text) };
}

test("what a tool had sent when the program died is seen once, and the model knows that it is", async () => {
  const { told, seen } = await dieBetween(() => {});
  expect(seen).toEqual(["First.", "Last."]);
  expect(told).toContain("Done, as message 1, before the program was interrupted. Do not do it again.");
});

test("what had not come to the outbox may or may not have happened, as ever", async () => {
  const { told, seen } = await dieBetween((database) => database.run("DELETE FROM replies"));
  expect(seen).toEqual(["Last."]);
  expect(told).toContain(interruptedResult);
});
