import { expect, test } from "bun:test";
import { join } from "node:path";

import { runCampaigns, type CampaignRun } from "./campaign.ts";
import { plantProject } from "./plant-project.ts";

const counting = (name: string): string =>
  `export const name = "${name}";
export const sizes = { smoke: 2, ci: 5, full: 50 };
export const run = async (size, signal, { seed }) => ({ passed: size, failed: 0, figures: { seed } });\n`;

function toRun(root: string, lines: string[], changes: Partial<CampaignRun> = {}): CampaignRun {
  const signal = new AbortController().signal;
  return {
    size: "ci",
    seed: 7,
    only: [],
    results: join(root, "out"),
    lanes: 1,
    signal,
    print: (line) => lines.push(line),
    ...changes,
  };
}

test("every campaign runs at the size that was asked for and leaves its figures", async () => {
  await using project = await plantProject({ "c/a.ts": counting("a"), "c/b.ts": counting("b") });
  const lines: string[] = [];
  expect(await runCampaigns(join(project.root, "c"), toRun(project.root, lines))).toEqual({
    passed: 10,
    failed: 0,
  });
  expect(await Bun.file(join(project.root, "out/campaign-b.json")).json()).toMatchObject({
    name: "b",
    size: "ci",
    count: 5,
    seed: 7,
    passed: 5,
    figures: { seed: 7 },
  });
  expect(lines.filter((line) => line.startsWith("ok"))).toHaveLength(2);
});

test("a campaign that throws has failed, and the next one runs", async () => {
  const broken = `export const name = "x";
export const sizes = { smoke: 1, ci: 1, full: 1 };
export const run = async () => { throw new Error("no disk"); };
`;
  await using project = await plantProject({ "c/a.ts": broken, "c/b.ts": counting("b") });
  const lines: string[] = [];
  expect(await runCampaigns(join(project.root, "c"), toRun(project.root, lines))).toEqual({
    passed: 5,
    failed: 1,
  });
  expect(lines.join("\n")).toContain("no disk");
});

test("one campaign can be picked; an unknown name names those there are", async () => {
  await using project = await plantProject({ "c/a.ts": counting("a"), "c/b.ts": counting("b") });
  const folder = join(project.root, "c");
  expect(await runCampaigns(folder, toRun(project.root, [], { only: ["b"] }))).toEqual({
    passed: 5,
    failed: 0,
  });
  await expect(runCampaigns(folder, toRun(project.root, [], { only: ["z"] }))).rejects.toThrow(
    "Unknown campaign z. Known: a, b",
  );
});

test("two run at a time, and one that measures runs by itself", async () => {
  const watching = (name: string, isAlone: boolean): string =>
    `export const name = "${name}";
export const sizes = { smoke: 1, ci: 1, full: 1 };
export const isAlone = ${isAlone};
export const run = async () => {
  const running = (globalThis.running ??= new Set());
  running.add(name);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const beside = [...running].filter((other) => other !== name).join();
  await new Promise((resolve) => setTimeout(resolve, 20));
  running.delete(name);
  return { passed: 1, failed: 0, figures: { beside } };
};\n`;
  await using project = await plantProject({
    "c/a.ts": watching("a", true),
    "c/b.ts": watching("b", false),
    "c/c.ts": watching("c", false),
  });
  const lines: string[] = [];
  await runCampaigns(join(project.root, "c"), toRun(project.root, lines, { lanes: 2 }));
  const besides = ["a", "b", "c"].map(async (name) => {
    const report: unknown = await Bun.file(join(project.root, `out/campaign-${name}.json`)).json();
    return report as { readonly figures: { readonly beside: string } };
  });
  expect((await Promise.all(besides)).map(({ figures }) => figures.beside)).toEqual(["", "c", "b"]);
});
