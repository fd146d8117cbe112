import { expect, test } from "bun:test";
import { type JsonNode, parseJsonc } from "./jsonc.ts";
import { removeValue, setValue } from "./jsonc-edit.ts";

const text = `// mine
{
  "a": 1, // one
  "b": { "x": 1 },
  /* the third */
  "c": [1, 2] // last
}
`;

const edits: readonly (readonly [name: string, after: string, before: string])[] = [
  ["a value is replaced where it stands", setValue(text, ["a"], 2), text.replace("1, // one", "2, // one")],
  [
    "a new key comes last, behind the comment",
    setValue(text, ["d"], 4),
    text.replace("2] // last", '2], // last\n  "d": 4'),
  ],
  [
    "an object on one line stays on it",
    setValue(text, ["b", "y"], "z"),
    text.replace('"x": 1 }', '"x": 1, "y": "z" }'),
  ],
  ["objects on the way are made", setValue("{}\n", ["a", "b"], 1), '{\n  "a": {\n    "b": 1\n  }\n}\n'],
  ["an empty file becomes one object", setValue("", ["a"], 1), '{\n  "a": 1\n}\n'],
  ["a file of comments keeps them", setValue("// x\n", ["a"], 1), '// x\n{\n  "a": 1\n}\n'],
  ["a comment in an empty object stays", setValue("{\n  // x\n}", ["a"], 1), '{\n  // x\n  "a": 1\n}'],
  [
    "a trailing comma is kept as a habit",
    setValue('{\n  "a": 1,\n}', ["b"], 2),
    '{\n  "a": 1,\n  "b": 2,\n}',
  ],
  [
    "tabs are kept as a habit",
    setValue('{\n\t"a": {}\n}', ["b", "c"], 2),
    '{\n\t"a": {},\n\t"b": {\n\t\t"c": 2\n\t}\n}',
  ],
  [
    "a removed key takes its line and its comment",
    removeValue(text, ["a"]),
    text.replace('\n  "a": 1, // one', ""),
  ],
  [
    "the last key takes the comma before it",
    removeValue(text, ["c"]),
    text.replace(' },\n  /* the third */\n  "c": [1, 2] // last', " }\n  /* the third */"),
  ],
  ["on one line only the key goes", removeValue('{"a": 1, "b": 2, "c": 3}', ["b"]), '{"a": 1, "c": 3}'],
  ["on one line the last key goes with its comma", removeValue('{"a": 1, "b": 2}', ["b"]), '{"a": 1}'],
  ["what is not there is not removed", removeValue(text, ["x", "y"]), text],
  [
    "a new key has the file's line ends",
    setValue('{\r\n  "a": 1\r\n}', ["b"], 2),
    '{\r\n  "a": 1,\r\n  "b": 2\r\n}',
  ],
  ["Windows line ends stay", removeValue('{\r\n  "a": 1,\r\n  "b": 2\r\n}', ["b"]), '{\r\n  "a": 1\r\n}'],
];

test.each(edits)("%s", (_, after, expected) => {
  expect(after).toBe(expected);
});

test("whatever is set can be read, everything else stays, and removing it again leaves the rest", () => {
  const random = createRandom(7);
  for (let round = 0; round < 400; round += 1) {
    let current = randomText(random);
    for (let step = 0; step < 4; step += 1) {
      const path = Array.from({ length: 1 + random(3) }, () => "abcd".charAt(random(4)));
      const value = [random(9), "t", true, null, ["q", { z: 1 }], {}][random(6)];
      const before = toValue(parseJsonc(current));
      const next = setValue(current, path, value);
      expect(toValue(parseJsonc(next))).toEqual(put(before, path, value));
      if (isNew(before, path)) expect(next.match(/#\d+/g)).toEqual(current.match(/#\d+/g));
      const gone = toValue(parseJsonc(removeValue(next, path)));
      expect(gone).toEqual(drop(put(before, path, value), path));
      current = next;
    }
  }
});

function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** An object with comments and commas wherever they may stand. */
function randomText(random: (below: number) => number): string {
  let count = 0;
  const blank = (): string =>
    ["", " ", "\n  ", ` /* #${(count += 1)} */ `, ` // #${(count += 1)}\n`][random(5)] ?? "";
  function object(depth: number): string {
    const keys = "abcd".split("").filter(() => random(2) === 0);
    const members = keys.map((key) => {
      const value =
        depth > 0 && random(2) === 0 ? object(depth - 1) : ["1", '"x"', "[1, 2]", "true"][random(4)];
      return `${blank()}"${key}"${blank()}:${blank()}${value}${blank()}`;
    });
    return `{${members.join(",")}${members.length > 0 && random(3) === 0 ? "," : ""}${blank()}}`;
  }
  return `${blank()}${object(3)}${blank()}`;
}

function toValue(node: JsonNode): unknown {
  if (node.type === "object") {
    return Object.fromEntries(node.members.map(({ key, value }) => [key, toValue(value)]));
  }
  return node.type === "array" ? node.items.map(toValue) : node.value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function put(value: unknown, [key, ...rest]: readonly string[], inner: unknown): unknown {
  if (key === undefined) return inner;
  const record = isRecord(value) ? value : {};
  return { ...record, [key]: put(record[key], rest, inner) };
}

function drop(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (!isRecord(value) || key === undefined) return value;
  if (rest.length > 0) return { ...value, [key]: drop(value[key], rest) };
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

/** Nothing is replaced: the path ends in a key that is not there yet. */
function isNew(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined || !isRecord(value)) return false;
  return Object.hasOwn(value, key) ? isNew(value[key], rest) : true;
}
