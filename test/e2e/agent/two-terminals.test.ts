import { expect, setDefaultTimeout, test } from "bun:test";
import { userTexts } from "../../fakes/llm-transcript.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

/** What the person asked, of each request. */
function asked(bench: ProgramBench): string[] {
  return bench.requests.map((request) => {
    const words = userTexts(request).filter((text) => !text.startsWith("<context>"));
    return words.at(-1) ?? "";
  });
}

test("the second of two terminals is told that it waits, and both are answered one after the other", async () => {
  const firstMayEnd = Promise.withResolvers<void>();
  await using bench = await ProgramBench.open({
    script: async (request, n) => {
      if (n === 0) await firstMayEnd.promise;
      return { text: `To ${userTexts(request).findLast((text) => !text.startsWith("<context>"))}.` };
    },
  });
  const first = bench.start(["agent", "--json", "-m", "one"]);
  await first.waitForOut('"step-start"');
  const second = bench.start(["agent", "-m", "two"]);
  await second.waitForErr(`Process ${first.pid} is at work in this group.`);
  expect(asked(bench)).toEqual(["one"]);
  const began = performance.now();
  firstMayEnd.resolve();
  expect((await first.ended).code).toBe(0);
  expect(await second.ended).toMatchObject({ out: "To two.\n", code: 0 });
  expect(performance.now() - began).toBeLessThan(1500);
  expect(asked(bench)).toEqual(["one", "two"]);
  // The second saw all of the first.
  const [, request] = bench.requests;
  expect(JSON.stringify(request?.body["messages"])).toContain("To one.");
  expect(bench.query("SELECT state FROM turns")).toEqual([{ state: "done" }, { state: "done" }]);
});

test("eight at once are all answered, never two at a time, and nothing is lost", async () => {
  let atWork = 0;
  let most = 0;
  await using bench = await ProgramBench.open({
    script: async () => {
      most = Math.max(most, ++atWork);
      await Bun.sleep(15);
      atWork--;
      return { text: "ok" };
    },
  });
  await bench.ask("zero");
  const words = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const answers = await Promise.all(words.map(async (word) => await bench.ask(word)));
  expect(answers.map(({ out, code }) => [out, code])).toEqual(words.map(() => ["ok\n", 0]));
  expect(most).toBe(1);
  expect(asked(bench).toSorted()).toEqual([...words, "zero"]);
  expect(bench.query("SELECT count(*) AS n, max(sequence) AS last FROM entries")).toEqual([
    { n: 18, last: 18 },
  ]);
});

test("two groups are at work at the same time", async () => {
  const both = Promise.withResolvers<void>();
  await using bench = await ProgramBench.open({
    script: async (_, n) => {
      if (n === 1) both.resolve();
      await both.promise;
      return { text: "ok" };
    },
  });
  await bench.run(["groups", "add", "family"]);
  const answers = await Promise.all([bench.ask("hi"), bench.ask("hi", "-g", "family")]);
  expect(answers.map(({ out, err }) => out + err)).toEqual(["ok\n", "ok\n"]);
});

test("when the first is killed in the middle of a command, the second takes over within two seconds", async () => {
  await using bench = await ProgramBench.open({
    script: (request, n) =>
      n === 0
        ? { calls: [shell("echo once >> count; echo up; sleep 300")] }
        : { text: JSON.stringify(request.body).includes("may or may not") ? "I know." : "I do not." },
  });
  const first = bench.start(["agent", "--json", "-m", "one"]);
  await first.waitForOut('"tool-progress"');
  const second = bench.start(["agent", "-m", "two"]);
  await second.waitForErr("is at work in this group");
  const began = performance.now();
  first.kill("SIGKILL");
  expect(await second.ended).toMatchObject({ out: "I know.\n", code: 0 });
  expect(performance.now() - began).toBeLessThan(2000);
  expect(await Bun.file(`${bench.workspace()}/count`).text()).toBe("once\n");
  expect(bench.query("SELECT state FROM turns")).toEqual([{ state: "interrupted" }, { state: "done" }]);
});

test("one that waits can be ended at once, and leaves the other at work", async () => {
  const firstMayEnd = Promise.withResolvers<void>();
  await using bench = await ProgramBench.open({
    script: async () => {
      await firstMayEnd.promise;
      return { text: "ok" };
    },
  });
  const first = bench.start(["agent", "--json", "-m", "one"]);
  await first.waitForOut('"step-start"');
  const second = bench.start(["agent", "-m", "two"]);
  await second.waitForErr("is at work in this group");
  second.kill("SIGINT");
  expect(await second.ended).toMatchObject({ out: "", code: 130 });
  firstMayEnd.resolve();
  expect((await first.ended).code).toBe(0);
  expect(bench.query("SELECT state FROM turns")).toEqual([{ state: "done" }]);
});

test("a stopped process that comes back after its successor cannot write over it", async () => {
  const firstIsThere = Promise.withResolvers<void>();
  const firstMayEnd = Promise.withResolvers<void>();
  await using bench = await ProgramBench.open({
    script: async (_, n) => {
      if (n === 0) {
        firstIsThere.resolve();
        await firstMayEnd.promise;
      }
      return { text: n === 0 ? "late" : "ok" };
    },
  });
  const first = bench.start(["agent", "--json", "-m", "one"]);
  await firstIsThere.promise;
  first.kill("SIGSTOP");
  // As if another machine's boot had come between: the holder is not the living one.
  bench.query("UPDATE leases SET boot_id = 'another'");
  expect(await bench.ask("two")).toMatchObject({ out: "ok\n", code: 0 });
  firstMayEnd.resolve();
  first.kill("SIGCONT");
  const { out, err, code } = await first.ended;
  expect(code).toBe(1);
  expect(out + err).toContain("Another process has taken over");
  const texts = bench.query("SELECT body FROM entries").map(({ body }) => String(body));
  expect(texts.join("\n")).not.toContain("late");
  expect(bench.query("SELECT state FROM turns")).toEqual([{ state: "interrupted" }, { state: "done" }]);
});
