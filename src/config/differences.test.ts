import { expect, test } from "bun:test";
import { defaultConfig } from "./defaults.ts";

function findDefault(path: string): unknown {
  let value: unknown = defaultConfig;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}

/** Of each row that begins with the values of its keys, `20`, `400` and `1000`, a key with the value that is printed. */
function readRows(text: string): readonly (readonly [key: string, printed: string])[] {
  return text.split("\n").flatMap((line) => {
    const [, keyCell = "", , here = ""] = line.split(/(?<!\\)\|/);
    const keys = [...keyCell.matchAll(/`([a-zA-Z.]+)`/g)].map(([, key = ""]) => key);
    const start = /^\s*((?:`[^`]*`(?:, | and )?)+)(?! or )/.exec(here)?.[1] ?? "";
    const values = [...start.matchAll(/`([^`]*)`/g)].map(([, value = ""]) => value);
    return keys.length === values.length ? keys.map((key, index) => [key, values[index] ?? ""] as const) : [];
  });
}

test("the defaults that the page of differences prints are the defaults", async () => {
  const rows = readRows(await Bun.file(`${import.meta.dir}/../../docs/differences.md`).text());
  const isPlain = (value: unknown): boolean =>
    value !== undefined && (typeof value !== "object" || value === null);
  const compared = rows.filter(([key]) => isPlain(findDefault(key)));
  const wrong = compared.filter(([key, printed]) => printed.replaceAll('"', "") !== String(findDefault(key)));
  expect(wrong).toEqual([]);
  expect(compared.length).toBeGreaterThan(25);
});
