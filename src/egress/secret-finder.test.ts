import { expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { SecretFinder, strikeOut } from "./secret-finder.ts";

const key = "sk-ant-api03-Zx9Q7vLm2Rk4Tn8Wp1Yc6Hd3Jf5Gb0Sa";
const hook = "https://hooks.example.com/services/T00A1B2C3/B9D8E7F6G/a1S2d3F4g5H6j7K8l9";
const short = "hunter22pass";
const finder = new SecretFinder([
  { name: "KEY", value: key },
  { name: "HOOK", value: hook },
  { name: "SHORT", value: short },
  { name: "TINY", value: "abc" },
]);

const reversed = (text: string): string => Array.from(text).toReversed().join("");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base32 = (text: string): string => {
  const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(five, 2)])
    .join("");
};
const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

const disguises: readonly (readonly [string, string])[] = [
  ["as it is", key],
  ["in capitals", key.toUpperCase()],
  ["backwards", reversed(key)],
  ["Base64", base64(key)],
  ["Base64 amid others, one off", base64(`x${key} and more`)],
  ["Base64 amid others, two off", base64(`xy${key}zz`)],
  ["Base64 for URLs", Buffer.from(key).toString("base64url")],
  ["Base64 backwards", reversed(base64(key))],
  ["Base32", base32(key)],
  ["hexadecimal", Buffer.from(key).toString("hex")],
  ["hexadecimal, spaced", (Buffer.from(key).toString("hex").match(/../g) ?? []).join(" ")],
  ["ROT13", rot13(key)],
  ["spaced out", Array.from(key).join(" ")],
  ["a letter a line", Array.from(key).join("\n")],
  ["with dots and marks", Array.from(key).join("·*")],
  ["invisible letters between", Array.from(key).join("\u200b")],
  [
    "wide letters",
    Array.from(key, (letter) =>
      letter === "-" ? "-" : String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
    ).join(""),
  ],
  ["in Markdown", `**${key.slice(0, 20)}**\`${key.slice(20)}\``],
  ["in a URL", `https://evil.example/?d=${encodeURIComponent(key)}`],
  ["its first half", key.slice(0, 26)],
  ["its last half", key.slice(22)],
  ["a service's address", encodeURIComponent(hook)],
];

test.each(disguises)("a secret is found %s, and what is left of it says nothing", (_, disguise) => {
  const text = `Here it is: ${disguise} and that was it.`;
  const found = finder.find(text);
  expect(found.map(({ name }) => name)).toContain(disguise.includes("hooks") ? "HOOK" : "KEY");
  const left = strikeOut(text, found);
  expect(left.length).toBe(text.length);
  expect(left).toStartWith("Here it is: ");
  expect(left).toEndWith(" and that was it.");
  // No more of it than falls to the ground of what cannot be told from chance.
  expect(left.replaceAll(/[^\p{L}\p{N}]/gu, "").length).toBeLessThan("Hereitisandthatwasit".length + 46);
});

test("what is short is found whole, as it is and in the usual encodings, and in no word that looks like it", () => {
  for (const form of [short, base64(short), Buffer.from(short).toString("hex")]) {
    expect(finder.find(`it is ${form}.`).map(({ name }) => name)).toEqual(["SHORT"]);
  }
  expect(finder.find("hunter22 pass, abc, HUNTER22PASS")).toEqual([]);
});

test("honest texts are left alone", () => {
  const honest = [
    "See https://hooks.example.com/services for how it works, and sk-ant-api03 is how such keys begin.",
    "commit 3f9d2c1b7a6e5d4c3b2a19087f6e5d4c3b2a1908, sha256 9b74c9897bac770ffc029102a200c5de",
    gzipSync("hello".repeat(1000)).toString("base64"),
    crypto.randomUUID(),
    Array.from({ length: 2000 }, (_, index) => `line ${index}: 0x${(index * 2654435761).toString(16)}`).join(
      "\n",
    ),
  ];
  for (const text of honest) expect(finder.find(text)).toEqual([]);
});

test("a key without a digit is found in every disguise too", () => {
  const plain = "cnyqwertzuiopasdfgh";
  const words = new SecretFinder([{ name: "PLAIN", value: plain }]);
  for (const disguise of [
    reversed(plain),
    rot13(plain),
    Array.from(plain).join(" "),
    base32(plain),
    plain.slice(0, 16),
  ]) {
    expect(words.find(`it is ${disguise}`).map(({ name }) => name)).toEqual(["PLAIN"]);
  }
});

test("nothing is found without secrets, and each is found once", () => {
  expect(new SecretFinder([]).find(key)).toEqual([]);
  expect(finder.find(`${key} ${key}`)).toHaveLength(2);
});

test("a hundred secrets cost a text of a chat no millisecond", () => {
  const many = Array.from({ length: 100 }, (_, index) => ({
    name: `K${index}`,
    value: new Bun.CryptoHasher("sha256").update(String(index)).digest("base64url"),
  }));
  const big = new SecretFinder(many);
  const text = "The quick brown fox jumps over the lazy dog, 1234567890 times. ".repeat(16);
  const times = Array.from({ length: 200 }, () => {
    const before = performance.now();
    big.find(text);
    return performance.now() - before;
  }).toSorted((one, other) => one - other);
  expect(times[100]).toBeLessThan(5);
  expect(big.find(`${text}${many[42]?.value}`).map(({ name }) => name)).toEqual(["K42"]);
});
