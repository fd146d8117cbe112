import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { program, type ProgramBench } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

const words = (request: LlmRequest): string[] => userTexts(request).filter((text) => /^[a-z]+$/.test(text));
const echo = (request: LlmRequest) => ({ text: `So far: ${words(request).join("+")}.` });

const overGateway = "A gateway runs now";
const byItself = "The gateway has ended";

function open(bench: ProgramBench, argv: readonly string[] = [], cwd = bench.home): PseudoTerminal {
  return new PseudoTerminal([...program, ...argv], { cwd, env: bench.env, patienceMs: 15_000 });
}

async function say(terminal: PseudoTerminal, text: string, answer: string): Promise<void> {
  terminal.type(`${text}\r`);
  await terminal.waitFor(answer);
  await terminal.waitForPrompt();
}

/** Until a turn waits behind the one that runs. */
async function waitForWaiting(gateway: GatewayProgram): Promise<void> {
  for (;;) {
    const { turns } = (await (await fetch(`${gateway.address}/health`)).json()) as {
      turns: { waiting: number };
    };
    if (turns.waiting > 0) return;
  }
}

/** Which processes ran turns: the prompt's own, or the gateway's. */
function holders(bench: ProgramBench): unknown[] {
  return bench.query("SELECT pid FROM leases ORDER BY rowid").map(({ pid }) => pid);
}

test("a prompt goes over to a gateway that starts, says so, and goes on by itself when that ends", async () => {
  await using gateway = await GatewayProgram.open({ script: echo });
  const { bench } = gateway;
  await using terminal = open(bench);
  await terminal.waitForPrompt();
  await say(terminal, "one", "So far: one.");
  await gateway.start();
  await terminal.waitFor(overGateway);
  await terminal.waitForPrompt();
  await say(terminal, "two", "So far: one+two.");
  // The same conversation as that of the owner's chats, by the same process.
  expect(await gateway.ask("three")).toBe("So far: one+two+three.");
  expect(await gateway.stop()).toBe(0);
  await terminal.waitFor(byItself);
  await terminal.waitForPrompt();
  await say(terminal, "four", "So far: one+two+three+four.");
  await gateway.start();
  await terminal.waitFor(overGateway);
  await gateway.stop("SIGKILL");
  await terminal.waitFor(byItself);
  await terminal.waitForPrompt();
  await say(terminal, "five", "So far: one+two+three+four+five.");
  expect(holders(bench).every((pid) => pid === null)).toBe(true);
});

test("session, model and shared folder go along", async () => {
  await using gateway = await GatewayProgram.open({
    script: (request) => ({ text: `${String(request.body["model"])}: ${words(request).join("+")}` }),
  });
  const { bench } = gateway;
  const shared = `${bench.root}/shared`;
  await mkdir(shared, { mode: 0o755 });
  await using terminal = open(bench, ["-s", "trip", "--folder", `${shared}:rw`]);
  await terminal.waitForPrompt();
  await say(terminal, "one", "fake-model: one");
  await say(terminal, "/model anthropic/other-model", "The model is other-model");
  await gateway.start();
  await terminal.waitFor(overGateway);
  await terminal.waitForPrompt();
  await say(terminal, "two", "other-model: one+two");
  terminal.type("/status\r");
  await terminal.waitForWrapped(shared);
  await terminal.waitFor("trip");
  await terminal.waitForPrompt();
  // What was changed there is kept on the way back.
  await say(terminal, "/model anthropic/third-model", "The model is third-model");
  await gateway.stop();
  await terminal.waitFor(byItself);
  await terminal.waitForPrompt();
  await say(terminal, "three", "third-model: one+two+three");
  expect(
    bench.query("SELECT DISTINCT name FROM sessions JOIN turns ON turns.session_id = sessions.id"),
  ).toEqual([{ name: "trip" }]);
});

test("where the gateway would answer with another model the prompt stays by itself, and says so", async () => {
  await using gateway = await GatewayProgram.open({ script: echo });
  const { bench } = gateway;
  await bench.configure({ agents: {}, providers: {}, localServers: { discover: false } });
  await using terminal = new PseudoTerminal([...program], {
    cwd: bench.home,
    env: { ...bench.env, ANTHROPIC_API_KEY: bench.key, ANTHROPIC_BASE_URL: bench.apiBase },
    patienceMs: 15_000,
  });
  await terminal.waitForPrompt();
  await gateway.start();
  await terminal.waitFor("with another model");
  await terminal.waitForPrompt();
});

test("a line that the gateway took with it is said again; one whose answer it had begun is told", async () => {
  let isSilent = true;
  await using gateway = await GatewayProgram.open({
    script: (request) => (isSilent ? { fault: { type: "silence" } } : echo(request)),
  });
  const { bench } = gateway;
  await gateway.start();
  await using terminal = open(bench);
  await terminal.waitForPrompt();
  // The group is at work for a chat: the prompt's line waits in the gateway's own queue.
  void gateway.post({ text: "busy" });
  while (bench.requests.length < 1) await Bun.sleep(5);
  terminal.type("kept\r");
  await waitForWaiting(gateway);
  await gateway.stop("SIGKILL");
  isSilent = false;
  await terminal.waitFor("So far: busy+kept.");
  expect(terminal.screen).toContain(byItself);
  await terminal.waitForPrompt();
  await gateway.start();
  await terminal.waitFor(overGateway);
  await terminal.waitForPrompt();
  isSilent = true;
  const before = bench.requests.length;
  terminal.type("begun\r");
  while (bench.requests.length === before) await Bun.sleep(5);
  terminal.type("joins\r");
  await terminal.waitFor("joins");
  isSilent = false;
  await gateway.stop("SIGKILL");
  await terminal.waitFor("in the middle of the answer");
  await terminal.waitFor("begun+joins.");
});
