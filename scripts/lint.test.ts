import { expect, test } from "bun:test";
import { copyFile, symlink } from "node:fs/promises";
import { join } from "node:path";

import { plantProject } from "./plant-project.ts";

const project = join(import.meta.dir, "..");
const promise = "export async function later(): Promise<number> {\n  return await Promise.resolve(1);\n}\n";

/** Rule → a file that breaks it. */
const planted: Readonly<Record<string, readonly [path: string, text: string]>> = {
  "no-floating-promises": [
    "src/agent/floating.ts",
    'import { later } from "./later.ts";\nexport function go(): void {\n  later();\n}\n',
  ],
  "no-misused-promises": [
    "src/agent/misused.ts",
    'import { later } from "./later.ts";\nexport function go(): number {\n  if (later()) return 1;\n  return 2;\n}\n',
  ],
  "switch-exhaustiveness-check": [
    "src/agent/switch.ts",
    'export function go(way: "left" | "right"): number {\n  switch (way) {\n    case "left":\n      return 1;\n  }\n  return 2;\n}\n',
  ],
  "no-explicit-any": ["src/agent/loose.ts", "export function go(value: any): void {\n  void value;\n}\n"],
  "no-non-null-assertion": [
    "src/agent/sure.ts",
    "export function go(value: string | undefined): number {\n  return value!.length;\n}\n",
  ],
  "no-unsafe-assignment": [
    "src/agent/parse.ts",
    "export function go(text: string): unknown {\n  const value = JSON.parse(text);\n  return value;\n}\n",
  ],
  "no-cycle": [
    "src/agent/ring-a.ts",
    'import { b } from "./ring-b.ts";\nexport const a = (): number => b();\n',
  ],
  "max-lines": [
    "src/agent/long.ts",
    "export const a = 1;\n".replaceAll("a", "a0") +
      Array.from({ length: 400 }, (_, index) => `export const b${index} = 1;\n`).join(""),
  ],
  "no-restricted-globals": [
    "src/agent/network.ts",
    'export async function go(): Promise<Response> {\n  return await fetch("http://127.0.0.1/");\n}\n',
  ],
  "no-restricted-properties": [
    "src/agent/surroundings.ts",
    "export function go(): string | undefined {\n  return process.env.HOME;\n}\n",
  ],
  "no-restricted-imports": [
    "src/agent/server.ts",
    'import { createServer } from "node:http";\nexport const go = createServer;\n',
  ],
  "no-default-export": ["src/agent/default.ts", "export default 1;\n"],
  "no-console": ["src/agent/loud.ts", 'export function go(): void {\n  console.log("hi");\n}\n'],
  "only-throw-error": ["src/agent/throw.ts", 'export function go(): never {\n  throw "no";\n}\n'],
  "filename-case": ["src/agent/camelCase.ts", "export const camel = 1;\n"],
};

const allowed: Readonly<Record<string, string>> = {
  "src/agent/later.ts": promise,
  "src/agent/ring-b.ts": 'import { a } from "./ring-a.ts";\nexport const b = (): number => a();\n',
  "src/commands/agent.ts":
    "export function go(): string | undefined {\n  return process.env.HOME ?? process.cwd();\n}\n",
  "src/providers/send.ts":
    'export async function go(): Promise<Response> {\n  return await fetch("http://127.0.0.1/");\n}\n',
};

/** Ways to the network besides the dialer's, each in a file that may not take it. */
const dials: Readonly<Record<string, string>> = {
  "src/providers/other.ts": 'export const go = () => fetch("http://127.0.0.1/");\n',
  "src/tools/socket.ts": 'export const go = () => new WebSocket("ws://127.0.0.1/");\n',
  "src/agent/dial.ts": "export const go = () => Bun.connect;\n",
  "src/commands/look-up.ts": 'export const go = () => Bun.dns.lookup("x.test");\n',
  "src/gateway/datagram.ts": "export const go = () => Bun.udpSocket({});\n",
  ...Object.fromEntries(
    ["net", "tls", "https", "http2", "dgram", "dns", "dns/promises"].map((name) => [
      `src/login/${name.replace("/", "-")}.ts`,
      `import * as network from "node:${name}";\nexport const go = network;\n`,
    ]),
  ),
};

test("each rule finds the file that was planted to break it, and only there", async () => {
  await using folder = await plantProject({
    ...allowed,
    ...dials,
    ...Object.fromEntries(Object.values(planted)),
  });
  await Promise.all([
    copyFile(join(project, ".oxlintrc.json"), join(folder.root, ".oxlintrc.json")),
    copyFile(join(project, "tsconfig.json"), join(folder.root, "tsconfig.json")),
    symlink(join(project, "node_modules"), join(folder.root, "node_modules")),
  ]);
  const found = await lint(folder.root);
  for (const [rule, [path]] of Object.entries(planted))
    expect([rule, ...(found.get(path) ?? [])]).toContain(`(${rule})`);
  for (const path of Object.keys(dials))
    expect(`${path} ${(found.get(path) ?? []).join(" ")}`).toContain("(no-restricted-");
  expect([...found.keys()].filter((path) => path in allowed)).toEqual(["src/agent/ring-b.ts"]);
}, 30_000);

/** File → the rules that it breaks, each as `(rule)`. */
async function lint(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const child = Bun.spawn([join(project, "node_modules/.bin/oxlint"), "--format=unix"], {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = await new Response(child.stdout).text();
  await child.exited;
  const found = new Map<string, string[]>();
  for (const [, path = "", rule = ""] of output.matchAll(
    /^(\S+?):\d+:\d+: .*\[\w+\/[\w-]*(\([\w-]+\))\]$/gm,
  )) {
    found.set(path, [...(found.get(path) ?? []), rule]);
  }
  return found;
}
