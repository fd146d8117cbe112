import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sayYes } from "../../fakes/say-yes.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { startLlmServer, type LlmRequest } from "../../fakes/llm-server.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { program, ProgramBench, shell } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

test("What is 2+2?", async () => {
  await using bench = await ProgramBench.open({ script: [{ text: "4" }] });
  const { out, code } = await bench.run(["agent", "-m", "What is 2+2?"]);
  expect([out.trim(), code]).toEqual(["4", 0]);
  expect(JSON.stringify(bench.requests[0]?.body["messages"])).toContain("What is 2+2?");
});

test("claw -m: What's in /etc/hostname?", async () => {
  await using bench = await ProgramBench.open({
    script: (request, n) =>
      n === 0 ? { calls: [shell("cat /etc/hostname")] } : { text: `It says ${textOf(request).trim()}.` },
  });
  const asClaw = { env: { NANOCLAW_NAME: "claw" } };
  const { out, code } = await bench.run(["-m", "What's in /etc/hostname?"], asClaw);
  expect(code).toBe(0);
  // The sandbox's own name: that of the host is nobody's business there.
  expect(out).toContain("It says sandbox.");
});

test("claw> List files in the current directory, /new, /quit", async () => {
  await using bench = await ProgramBench.open({
    script: (request, n) => {
      if (n === 0) return { calls: [shell("ls extra/*")] };
      return { text: n === 1 ? `There is ${textOf(request).trim()}.` : "Hello again." };
    },
  });
  await writeFile(join(bench.folder, "notes.txt"), "canary");
  const env = { ...bench.env, NANOCLAW_NAME: "claw" };
  await using terminal = new PseudoTerminal([...program, "--folder", `${bench.folder}:ro`], {
    cwd: bench.folder,
    env,
  });
  await terminal.waitForPrompt("claw>");
  terminal.type("List files in the current directory\r");
  await terminal.waitFor("notes.txt");
  await terminal.waitForPrompt("claw>");
  terminal.type("/new\r");
  await terminal.waitForPrompt("claw>");
  terminal.type("hello\r");
  await terminal.waitFor("Hello again.");
  await terminal.waitForPrompt("claw>");
  expect(JSON.stringify(bench.requests.at(-1)?.body["messages"])).not.toContain("List files");
  terminal.type("/quit\r");
  expect(await terminal.process.exited).toBe(0);
});

test("Hello from my local LLM!, with the configuration of the Python system as it stands", async () => {
  await using server = startLlmServer([{ text: "Hello from vLLM." }]);
  await using bench = await ProgramBench.open({
    config: {
      providers: { vllm: { apiKey: "dummy", apiBase: server.openAiBase } },
      agents: { defaults: { model: "meta-llama/Llama-3.1-8B-Instruct" } },
    },
  });
  const { out } = await bench.run(["agent", "-m", "Hello from my local LLM!"]);
  expect(out).toContain("Hello from vLLM.");
  expect(server.requests[0]?.body["model"]).toBe("meta-llama/Llama-3.1-8B-Instruct");
  expect(server.requests[0]?.headers["authorization"]).toBe("Bearer dummy");
});

test("Add a custom greeting when I say good morning", async () => {
  const style = "When I say good morning, greet me with: Rise and shine, captain!";
  await using gateway = await GatewayProgram.open({
    script: [
      { calls: [{ name: "group", arguments: { action: "set", name: "main", style } }] },
      { text: "It waits for you." },
      { text: "I will." },
      { text: "Rise and shine, captain!" },
    ],
  });
  await gateway.start();
  await gateway.ask("Add a custom greeting when I say good morning");
  await sayYes(gateway);
  await gateway.stop();
  // For good: in another conversation, of another run of the program.
  await gateway.start();
  await gateway.ask("/new");
  expect(await gateway.ask("Good morning!")).toBe("Rise and shine, captain!");
  const last = JSON.stringify(gateway.bench.requests.at(-1)?.body);
  expect(last).toContain(style);
  expect(last).not.toContain("I will.");
});

function textOf(request: LlmRequest): string {
  return newResults(request)
    .map(({ text }) => text)
    .join("\n");
}
