import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openKeyring, findKey } from "./keyring.ts";
import { Secret } from "./secret.ts";
import { readSecret, readSecrets, removeSecret, writeSecret } from "./secrets.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nanoclaw-secrets-"));
});
afterAll(() => rmSync(root, { recursive: true }));

function newPath(text?: string, mode = 0o600): string {
  const path = join(mkdtempSync(join(root, "x-")), "secrets.json");
  if (text !== undefined) writeFileSync(path, text, { mode });
  return path;
}

test("a secret that is written is read again, from a file for the owner alone", async () => {
  const path = newPath();
  expect((await readSecrets(path)).size).toBe(0);
  await writeSecret(path, "A_KEY", new Secret("one"));
  await writeSecret(path, "B_KEY", new Secret("two"));
  await writeSecret(path, "A_KEY", new Secret("three"));
  expect([...(await readSecrets(path))].map(([name, secret]) => [name, secret.open()])).toEqual([
    ["A_KEY", "three"],
    ["B_KEY", "two"],
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await removeSecret(path, "A_KEY")).toBe(true);
  expect(await removeSecret(path, "A_KEY")).toBe(false);
  expect([...(await readSecrets(path)).keys()]).toEqual(["B_KEY"]);
});

test("nothing is left beside the file after writing", async () => {
  const path = newPath();
  await writeSecret(path, "A_KEY", new Secret("one"));
  expect(readdirSync(join(path, "..")).toSorted()).toEqual(["secrets.json", "secrets.key"]);
});

test("a link to the file stays a link", async () => {
  const target = newPath("{}");
  const link = newPath();
  symlinkSync(target, link);
  await writeSecret(link, "A_KEY", new Secret("one"));
  expect(Object.keys(JSON.parse(readFileSync(target, "utf8")))).toEqual(["A_KEY"]);
});

describe("values are sealed in the file", () => {
  const value = "sk-canary-0123456789";

  test("none stands there as it is, and each opens again; what was plain is sealed with the next one", async () => {
    const path = newPath('{ "OLD": "plain-old-value" }');
    expect((await readSecrets(path)).get("OLD")?.open()).toBe("plain-old-value");
    await writeSecret(path, "NEW", new Secret(value));
    const text = readFileSync(path, "utf8");
    expect(text).not.toContain(value);
    expect(text).not.toContain("plain-old-value");
    const read = await readSecrets(path);
    expect([...read].map(([name, secret]) => [name, secret.open()])).toEqual([
      ["OLD", "plain-old-value"],
      ["NEW", value],
    ]);
    expect(statSync(path.replace(".json", ".key")).mode & 0o777).toBe(0o600);
  });

  test("the same value is never sealed to the same text", async () => {
    const path = newPath();
    await writeSecret(path, "A", new Secret(value));
    await writeSecret(path, "B", new Secret(value));
    const { A, B } = JSON.parse(readFileSync(path, "utf8"));
    expect(A).not.toBe(B);
  });

  test("changed, cut, or under another's name it does not open, and nothing of it is shown; the others still do", async () => {
    const path = newPath();
    await writeSecret(path, "A", new Secret(value));
    await writeSecret(path, "B", new Secret("another-value"));
    const { A, B } = JSON.parse(readFileSync(path, "utf8"));
    for (const damaged of [`${A.slice(0, -6)}AAAA==`, A.slice(0, 30), "sealed:1:", B]) {
      writeFileSync(path, JSON.stringify({ A: damaged, B }), { mode: 0o600 });
      const failure = await readSecret(path, "A").catch(String);
      expect(failure).toContain("The secret A cannot be opened");
      expect(failure).not.toContain("another-value");
      expect((await readSecret(path, "B"))?.open()).toBe("another-value");
    }
    await writeSecret(path, "A", new Secret("new"));
    expect((await readSecret(path, "A"))?.open()).toBe("new");
  });

  test("a key that is gone is not made anew while something waits for it", async () => {
    const path = newPath();
    await writeSecret(path, "A", new Secret(value));
    const key = path.replace(".json", ".key");
    const kept = readFileSync(key);
    rmSync(key);
    await expect(readSecret(path, "A")).rejects.toThrow("is gone");
    await expect(writeSecret(path, "B", new Secret("b"))).rejects.toThrow("is gone");
    writeFileSync(key, kept, { mode: 0o600 });
    expect((await readSecret(path, "A"))?.open()).toBe(value);
    rmSync(key);
    expect(await removeSecret(path, "A")).toBe(true);
    await writeSecret(path, "B", new Secret("b"));
    expect((await readSecret(path, "B"))?.open()).toBe("b");
  });

  test("a key that others can read, or that is none, is refused", async () => {
    const path = newPath();
    await writeSecret(path, "A", new Secret(value));
    const key = path.replace(".json", ".key");
    chmodSync(key, 0o644);
    await expect(readSecret(path, "A")).rejects.toThrow("can be read by other users");
    chmodSync(key, 0o600);
    writeFileSync(key, "c2hvcnQ=");
    await expect(readSecret(path, "A")).rejects.toThrow("holds no key");
  });
});

test("a file that others can read is refused with the remedy", async () => {
  const path = newPath("{}");
  chmodSync(path, 0o640);
  await expect(readSecrets(path)).rejects.toThrow(`${path} can be read by other users (mode 640).`);
  await expect(writeSecret(path, "A", new Secret("x"))).rejects.toThrow("can be read by other users");
});

test.each([
  ['{"A": hunter2}', "is not JSON."],
  ['["hunter2"]', "holds no object."],
  ['{"A": {"B": "hunter2"}}', ": A is not text."],
])("%j is refused without a word of it", async (text, message) => {
  const path = newPath(text);
  try {
    await readSecrets(path);
    throw new Error("it was read");
  } catch (error) {
    expect(Bun.inspect(error)).toContain(message);
    expect(Bun.inspect(error)).not.toContain("hunter2");
  }
});

test("a name that no variable can have is refused", async () => {
  await expect(writeSecret(newPath(), "my key", new Secret("x"))).rejects.toThrow(
    '"my key" cannot be the name of a secret.',
  );
});

test("keys are found in the environment, then in secrets.json, then in ~/.claw/config", async () => {
  const secretsPath = newPath('{"A_KEY": "file-a", "B_KEY": "file-b\\n"}');
  const home = mkdtempSync(join(root, "home-"));
  await Bun.write(
    join(home, ".claw", "config"),
    '# mine\n; also\n api_key = "sk-ant-claw"  \nB_KEY=claw-b\nC_KEY=claw-c\nmodel\n',
  );
  const keyring = await openKeyring({
    environment: { HOME: home, A_KEY: " env-a ", D_KEY: " " },
    secretsPath,
  });
  const found = (name: string) => {
    const key = findKey(keyring, [name]);
    return key === undefined ? undefined : [key.secret.open(), key.source];
  };
  expect(found("A_KEY")).toEqual(["env-a", "environment"]);
  expect(found("B_KEY")).toEqual(["file-b", "secrets.json"]);
  expect(found("C_KEY")).toEqual(["claw-c", "~/.claw/config"]);
  expect(found("ANTHROPIC_API_KEY")).toEqual(["sk-ant-claw", "~/.claw/config"]);
  expect(found("D_KEY")).toBeUndefined();
});

test("a key in the environment is found whatever the files are like", async () => {
  const secretsPath = newPath("this is not JSON");
  const keyring = await openKeyring({ environment: { A_KEY: "x" }, secretsPath });
  expect(findKey(keyring, ["A_KEY"])?.secret.open()).toBe("x");
  expect(() => findKey(keyring, ["B_KEY"])).toThrow("is not JSON");
});

test("all that is written at once stands there afterwards, from one process and from many", async () => {
  const path = newPath();
  const names = Array.from({ length: 8 }, (_, index) => `A_${index}`);
  await Promise.all(names.map((name) => writeSecret(path, name, new Secret(`value of ${name}`))));
  const program = `const { writeSecret } = await import(${JSON.stringify(import.meta.resolve("./secrets.ts"))});
    const { Secret } = await import(${JSON.stringify(import.meta.resolve("./secret.ts"))});
    await writeSecret(...process.argv.slice(1, 3), new Secret("value of " + process.argv[2]));`;
  const others = names.map((name) => name.replace("A", "B"));
  const children = others.map((name) => Bun.spawn([process.execPath, "-e", program, path, name]));
  expect(await Promise.all(children.map((child) => child.exited))).toEqual(others.map(() => 0));
  const read = await readSecrets(path);
  for (const name of [...names, ...others]) expect(read.get(name)?.open()).toBe(`value of ${name}`);
});

test("a value that looks sealed is sealed like any other", async () => {
  const path = newPath();
  await writeSecret(path, "A_KEY", new Secret("sealed:1:AAAA"));
  expect((await readSecrets(path)).get("A_KEY")?.open()).toBe("sealed:1:AAAA");
});
