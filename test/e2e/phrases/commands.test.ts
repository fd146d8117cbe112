import { expect, test } from "bun:test";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";

const asClaw = { env: { NANOCLAW_NAME: "claw" } };

test('claw -m "Hello"', async () => {
  const hello = "Hello! I'm claw, your AI assistant. How can I help you?";
  await using bench = await ProgramBench.open({ script: [{ text: hello }] });
  const { out, code } = await bench.run(["-m", "Hello"], asClaw);
  expect([out, code]).toEqual([`${hello}\n`, 0]);
});

test('claw -m "do the thing": it goes on until it is done, and no further than its limit', async () => {
  const working = { calls: [shell("echo x >> done; wc -l < done")] };
  const done = (count: number) => ({ text: `Done, in ${count} steps.` });
  await using bench = await ProgramBench.open({
    script: [...Array.from({ length: 12 }, () => working), done(12)],
  });
  expect((await bench.run(["-m", "do the thing"], asClaw)).out).toBe("Done, in 12 steps.\n");
  const last = bench.requests.at(-1);
  expect(last === undefined ? "" : newResults(last)[0]?.text).toContain("12");

  await using limited = await ProgramBench.open({ script: () => working });
  await limited.configure({
    agents: { defaults: { model: "anthropic/fake-model", maxToolIterations: 3 } },
  });
  expect((await limited.run(["-m", "do the thing"], asClaw)).err).toContain("3");
  // Three steps, and one to say how far it came.
  expect(limited.requests).toHaveLength(4);
});

test('nanoclaw agent -m "Hello!", nanoclaw agent --no-markdown, nanoclaw agent --logs', async () => {
  await using bench = await ProgramBench.open({ script: () => ({ text: "**Hi** there" }) });
  expect((await bench.run(["agent", "-m", "Hello!"])).out).toBe("**Hi** there\n");
  expect((await bench.run(["agent", "--no-markdown", "-m", "Hello!"])).out).toBe("**Hi** there\n");
  const { out, err } = await bench.run(["agent", "--logs", "-m", "Hello!"]);
  expect([out, JSON.parse(err)]).toMatchObject(["**Hi** there\n", { message: "turn ended", reason: "done" }]);
});

test('nanoclaw cron add --name "hourly" --message "Check status" --every 3600, cron list, cron remove JOB_ID', async () => {
  await using bench = await ProgramBench.open();
  const argv = ["cron", "add", "--name", "hourly", "--message", "Check status", "--every", "3600"];
  expect((await bench.run(argv)).out).toContain("✓ Added");
  const listed: unknown = JSON.parse((await bench.run(["cron", "list", "--json"])).out);
  const [job] = listed as { readonly id: number; readonly nextAt: number }[];
  expect((job?.nextAt ?? 0) - Date.now()).toBeWithin(3_500_000, 3_600_001);
  expect((await bench.run(["cron", "list"])).out).toContain("hourly");
  expect((await bench.run(["cron", "remove", String(job?.id)])).code).toBe(0);
  expect((await bench.run(["cron", "list"])).out).not.toContain("hourly");
});

test("every Monday at 8am, compile news on AI developments … and message me a briefing: what comes of it", async () => {
  const asked: string[] = [];
  await using search = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      asked.push(new URL(request.url).searchParams.get("q") ?? "");
      const results = [{ title: "A new model", url: "https://news.example/1", content: "It is small." }];
      return Response.json({ results });
    },
  });
  const prompt = "compile news on AI developments from Hacker News and TechCrunch and message me a briefing";
  await using gateway = await GatewayProgram.open({
    config: {
      heartbeat: { enabled: false },
      tools: { web: { search: { provider: "searxng", baseUrl: `http://127.0.0.1:${search.port}` } } },
    },
    script: [
      {
        calls: [{ name: "task", arguments: { action: "add", name: "briefing", cron: "0 8 * * 1", prompt } }],
      },
      { text: "Every Monday at 8." },
      { calls: [{ name: "web_search", arguments: { query: "AI news" } }] },
      { text: "This week: a new model, and it is small." },
    ],
  });
  await gateway.start();
  expect(await gateway.ask(`@Andy every Monday at 8am, ${prompt}`)).toBe("Every Monday at 8.");
  expect((await gateway.bench.run(["cron", "run", "1"])).code).toBe(0);
  while ((await gateway.replies()).length < 2) await Bun.sleep(10);
  expect((await gateway.replies()).at(-1)?.text).toContain("This week: a new model, and it is small.");
  expect(asked).toEqual(["AI news"]);
});
