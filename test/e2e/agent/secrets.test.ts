import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProgramBench } from "../../fakes/program-bench.ts";

const value = "ghp_canary_0123456789";
const place = ["--url", "https://api.example.com", "--path", "/repos"];

test("a secret is set, granted, listed, revoked and removed, and its value is never printed", async () => {
  await using bench = await ProgramBench.open();
  const said: string[] = [];
  const run = async (...argv: readonly string[]): Promise<string> => {
    const { code, out, err } = await bench.run(["secrets", ...argv], { stdin: `${value}\n` });
    said.push(out, err);
    return `${code} ${out}`;
  };
  expect(await run("list")).toBe("0 No secrets. Set one: nanoclaw secrets set GITHUB_TOKEN\n");
  expect(await run("set", "A_KEY", "-")).toContain("0 ✓ Kept A_KEY");
  expect(await run("set", "A_KEY")).toContain("0 ✓ Replaced A_KEY");
  expect(await run("grant", "A_KEY", ...place, "--method", "get,post", "--json")).toContain(
    '"variable": "NANOCLAW_GRANT_EXAMPLE_URL"',
  );
  expect(await run("list")).toBe("0 A_KEY\n  main: example, GET, POST below https://api.example.com/repos\n");
  const [listed] = JSON.parse((await run("list", "--json")).slice(2)) as [unknown];
  expect(listed).toMatchObject({
    name: "A_KEY",
    grants: [{ group: "main", name: "example", methods: ["GET", "POST"], paths: ["/repos"] }],
  });
  expect(await run("remove", "A_KEY")).toStartWith("1 ");
  expect(await run("revoke", "main", "example")).toContain("0 ✓ main cannot use example");
  expect(await run("remove", "A_KEY")).toContain("0 ✓ Removed A_KEY");
  expect(said.join("\n")).not.toContain(value);
  const audit = bench.query("SELECT * FROM audit WHERE action LIKE 'secret.%'");
  expect(audit.map(({ action }) => action)).toContain("secret.grant");
  expect(JSON.stringify(audit)).not.toContain(value);
});

test("a grant that cannot be understood is listed as such and can be revoked", async () => {
  await using bench = await ProgramBench.open();
  await bench.run(["secrets", "set", "A_KEY", "-"], { stdin: value });
  await bench.run(["secrets", "grant", "A_KEY", ...place]);
  {
    using database = new Database(join(bench.state, "nanoclaw.db"));
    database.run("UPDATE grants SET terms = '{\"methods\":'");
  }
  const text = await bench.run(["secrets", "list"]);
  expect(text).toMatchObject({ code: 0, out: expect.stringContaining("broken: it serves nothing") });
  expect(JSON.parse((await bench.run(["secrets", "list", "--json"])).out)).toMatchObject([
    { grants: [{ name: "example", isBroken: true }] },
  ]);
  expect((await bench.run(["secrets", "revoke", "main", "example"])).code).toBe(0);
});

test("keys that a person wrote in plain words go on working, and are sealed when the next is set", async () => {
  await using bench = await ProgramBench.open();
  const file = join(bench.state, "secrets.json");
  await writeFile(file, JSON.stringify({ ANTHROPIC_API_KEY: bench.key }), { mode: 0o600 });
  await rm(join(bench.state, "config.json"));
  const settings = { providers: { anthropic: { apiBase: bench.apiBase } } };
  await writeFile(join(bench.state, "config.json"), JSON.stringify(settings), { mode: 0o600 });
  expect((await bench.ask("hello")).code).toBe(0);
  await bench.run(["secrets", "set", "A_KEY", "-"], { stdin: value });
  const sealed = await readFile(file, "utf8");
  for (const plain of [bench.key, value]) expect(sealed).not.toContain(plain);
  expect((await bench.ask("hello again")).code).toBe(0);
  expect(bench.requests.map(({ headers }) => headers["x-api-key"])).toEqual([bench.key, bench.key]);

  // Cut off: said, and left as it is.
  await writeFile(file, sealed.slice(0, -30));
  const { code, err } = await bench.run(["secrets", "set", "B_KEY", "-"], { stdin: value });
  expect([code, err]).toEqual([1, expect.stringContaining("secrets.json is not JSON")]);
  expect(await readFile(file, "utf8")).toBe(sealed.slice(0, -30));
});
