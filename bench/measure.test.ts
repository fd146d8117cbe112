import { expect, test } from "bun:test";
import { join } from "node:path";

import { plantProject } from "../scripts/plant-project.ts";
import { createCommand, measure } from "./measure.ts";
import { answer, startModel } from "./model.ts";

test("subjects are run round by round, each round in another order, after three rounds that do not count", async () => {
  const order: string[] = [];
  const subjects = ["a", "b"].map((name) => ({
    name,
    async run() {
      order.push(name);
      return order.length;
    },
  }));
  const figures = await measure(subjects, 3);
  expect(order.join("")).toBe("abbaabbaabba");
  expect(figures.get("a")).toEqual({ min: 8, p50: 9, p95: 12 });
});

test("a program that fails, or does not say what it should, is not measured", async () => {
  await using folder = await plantProject({});
  const options = { cwd: folder.root, env: {}, expected: "hello" };
  await expect(createCommand("says it", ["/bin/echo", "hello"], options).run()).resolves.toBeGreaterThan(0);
  await expect(createCommand("says nothing", ["/bin/true"], options).run()).rejects.toThrow(
    "says nothing failed (0)",
  );
  await expect(createCommand("fails", ["/bin/false"], { ...options, expected: "" }).run()).rejects.toThrow(
    "fails failed (1)",
  );
});

test("the bench's model answers every POST alike over both schemes and remembers the last request", async () => {
  await using folder = await plantProject({});
  await using model = await startModel(folder.root);
  const ca = await Bun.file(model.certificate).text();
  expect(model.certificate).toBe(join(folder.root, "certificate.pem"));
  for (const base of [model.http, model.https]) {
    const response = await fetch(`${base}/v1/messages`, { method: "POST", body: `to ${base}`, tls: { ca } });
    expect(await response.text()).toContain(answer);
    expect(await model.lastRequest()).toBe(`to ${base}`);
  }
});
