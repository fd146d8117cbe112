import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createSetupMachine } from "../test/fakes/setup-machine.ts";
import { failures } from "../src/words/english/failures.ts";
import { situations, writePages } from "./troubleshooting/page.ts";

const cases = situations.flatMap((situation) => situation.cases);
const pages = Object.entries(writePages());

test("every failure of the catalogue has its place, and one only", () => {
  const known = Object.entries(failures).flatMap(([family, kinds]) =>
    Object.keys(kinds).map((name) => `${family}.${name}`),
  );
  const shown = cases.map(({ id }) => id);
  expect(known.filter((id) => !shown.includes(id))).toEqual([]);
  expect(new Set([...shown, ...situations.map(({ id }) => id)]).size).toBe(shown.length + situations.length);
});

test("every one says what to do, in both languages", () => {
  for (const { id, said, cause } of cases) {
    for (const language of ["en", "zh"] as const) {
      if (id !== "sandbox.notStarted") expect(said[language].hint).toBeDefined();
      expect(`${id}: ${said[language].message}${cause[language]}`).not.toContain("undefined");
    }
    // What a server or a file said stays in its own language.
    if (!/sandbox\.(notStarted|broken)|config\.invalid|start\./.test(id)) {
      expect(said.zh.message).toMatch(/\p{Script=Han}/u);
    }
    expect(said.zh.hint ?? "无").toMatch(/\p{Script=Han}/u);
    expect(`${said.en.message}${said.en.hint ?? ""}${cause.en}`).not.toMatch(/\p{Script=Han}/u);
  }
});

test("and has its test, in which it comes about", async () => {
  for (const family of Object.keys(failures)) {
    const path = join(import.meta.dir, `../test/e2e/failures/${family}.test.ts`);
    expect(await Bun.file(path).text()).toContain(
      `satisfies Record<keyof Failures["${family}"], Provocation>`,
    );
  }
});

test("what is to be typed is the same in both languages", () => {
  const typed = (hint = ""): readonly string[] => hint.split("\n").filter((line) => line.startsWith("  "));
  for (const { said } of cases) expect(typed(said.zh.hint)).toEqual(typed(said.en.hint));
});

test.each(pages)("%s is what the catalogue says (npm run fix writes it anew)", async (path, text) => {
  expect(await Bun.file(join(import.meta.dir, "..", path)).text()).toBe(text);
});

test.each(pages)("every link of %s leads somewhere", (_, text) => {
  const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1]));
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
  expect(links.filter((link) => !anchors.has(link))).toEqual([]);
});

describe("setting up says the sentence of the page", () => {
  /** What spoils the machine. */
  const spoilt: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "setup.no-node": { without: "node" },
    "setup.no-npm": { without: "npm" },
    "setup.old-node": { FAKE_NODE_VERSION: "v18.20.0" },
    "setup.old-npm": { FAKE_NPM_VERSION: "8.19.4" },
    "setup.no-network": { FAKE_NPM: "offline" },
  };
  const wanted = cases.filter(({ id }) => id in spoilt);

  test.each(wanted.flatMap((each) => (["en", "zh"] as const).map((name) => [each.id, name, each] as const)))(
    "%s, %s",
    async (id, language, { said }) => {
      await using machine = await createSetupMachine();
      const { without, ...env } = spoilt[id] ?? {};
      if (without !== undefined) await machine.program(without);
      Object.assign(machine.env, env, { LANG: language === "zh" ? "zh_CN.UTF-8" : "C.UTF-8" });
      const { stderr, code } = await machine.run("setup.sh");
      const { message, hint = "" } = said[language];
      expect(code).toBe(1);
      expect(stderr.replace(/\s+/g, "")).toContain(`${message}${hint}`.replace(/\s+/g, ""));
    },
  );

  test("a processor that ends Bun by an illegal instruction gets the build for older ones", async () => {
    await using machine = await createSetupMachine();
    const npm = await Bun.file(join(machine.env["BIN"] ?? "", "npm")).text();
    const dies = "printf '#!/bin/sh\\nkill -ILL $$$$\\n' >node_modules/@oven/bun-b/bin/bun";
    const older = "node_modules/@oven/bun-linux-x64-baseline/bin";
    const fetched = `install) mkdir -p ${older} && ln -s "$REAL_BUN" ${older}/bun; echo "npm $*" >>"$CALLS"; exit 0 ;;`;
    await machine.program(
      "npm",
      npm
        .replace("case $1 in --version)", `case $1 in ${fetched} --version)`)
        .replace(
          'ln -s "$REAL_BUN" node_modules/@oven/bun-b/bin/bun',
          `${dies}; chmod +x node_modules/@oven/bun-b/bin/bun`,
        ),
    );
    const { code, stderr } = await machine.run("setup.sh");
    expect(stderr).toContain("this processor needs Bun's build for older ones");
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("are ready") });
    expect((await machine.calls()).join("\n")).toMatch(
      /npm install --no-save .*@oven\/bun-linux-x64(-musl)?-baseline@1\./,
    );
  });
});
