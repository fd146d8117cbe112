import { expect, test } from "bun:test";
import { findRule, isListedRead, parseEgressPolicy, parseEgressRule } from "./policy.ts";

const allows = (rules: readonly string[], host: string, port = 443) =>
  findRule(
    rules.map((rule) => parseEgressRule(rule)),
    host,
    port,
  ) !== undefined;

test("a host is itself on the usual ports, and nothing that looks like it", () => {
  const rules = ["api.example.com"];
  expect(allows(rules, "api.example.com")).toBe(true);
  expect(allows(rules, "api.example.com", 80)).toBe(true);
  expect(allows(rules, "api.example.com", 22)).toBe(false);
  for (const host of [
    "example.com",
    "x.api.example.com",
    "xapi.example.com",
    "api.example.com.evil.test",
    "",
  ])
    expect(allows(rules, host)).toBe(false);
});

test("a star is all below a domain, at any depth, and not the domain", () => {
  const rules = ["*.example.com:8443"];
  expect(allows(rules, "a.example.com", 8443)).toBe(true);
  expect(allows(rules, "a.b.example.com", 8443)).toBe(true);
  for (const host of ["example.com", "evilexample.com", "a.example.com.evil.test"])
    expect(allows(rules, host, 8443)).toBe(false);
  expect(allows(rules, "a.example.com")).toBe(false);
});

test("an empty policy allows nothing", () => {
  expect(allows([], "example.com")).toBe(false);
});

test("hosts are kept as a URL spells them", () => {
  expect(parseEgressRule("EXAMPLE.com.")).toEqual({ host: "example.com", readOnly: [] });
  expect(parseEgressRule("Bücher.de:8080").host).toBe("xn--bcher-kva.de");
  expect(parseEgressRule("[2606:4700::1111]:53")).toMatchObject({ host: "[2606:4700::1111]", port: 53 });
  expect(parseEgressRule("134744072").host).toBe("8.8.8.8");
});

test.each([
  ...["", " ", "*", "*.", "*.com", "**.example.com", "a.*.com", "https://example.com", "example.com/x"],
  ...[
    "user@example.com",
    "example.com:0",
    "example.com:65536",
    "example.com:",
    "example.com:http",
    "exa mple.com",
  ],
  ...["example%2ecom", "a..b", "x\0.example.com", "example.com#x", "example.com?x", `${"a".repeat(64)}.com`],
  ...[
    "127.0.0.1",
    "0x7f.1",
    "2130706433",
    "[::1]",
    "169.254.169.254",
    "10.0.0.1",
    "[fd00:ec2::254]",
    "*.1.2.3.4",
  ],
])("%j is refused when it is typed", (text) => {
  expect(() => parseEgressRule(text)).toThrow(expect.objectContaining({ code: "usage" }));
});

test("one entry that cannot be understood makes the whole policy invalid, and is named", () => {
  const good = { host: "example.com", port: undefined, readOnly: "[]" };
  expect(parseEgressPolicy("main", [good])).toHaveLength(1);
  for (const bad of [
    { ...good, host: "*" },
    { ...good, port: 70_000 },
    { ...good, readOnly: "nonsense" },
    { ...good, readOnly: '{"a":1}' },
    { ...good, readOnly: '["x"]' },
  ])
    expect(() => parseEgressPolicy("main", [good, bad])).toThrow(expect.objectContaining({ code: "config" }));
});

test("reading is listed by method and by whole parts of the path, as the server sees it", () => {
  const rule = parseEgressRule("example.com", ["/repos", "/raw/"]);
  for (const path of ["/repos", "/repos/a", "/raw/x", "/x/../repos/a", "/repos/./a"])
    expect(isListedRead(rule, "GET", path)).toBe(true);
  for (const path of [
    "/",
    "/repository",
    "/raw",
    "/repos/../user",
    "/repos/%2e%2e/user",
    "/repos/..%2fuser",
    "//repos",
    "repos",
    "",
  ])
    expect(isListedRead(rule, "GET", path)).toBe(false);
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "get"])
    expect(isListedRead(rule, method, "/repos/a")).toBe(false);
});

test("where no path can be seen only the whole host is a place to read", () => {
  expect(isListedRead(parseEgressRule("example.com", ["/repos"]), "CONNECT", undefined)).toBe(false);
  expect(isListedRead(parseEgressRule("example.com", ["/"]), "CONNECT", undefined)).toBe(true);
  expect(isListedRead(parseEgressRule("example.com"), "CONNECT", undefined)).toBe(false);
});

test("the more exact entry counts", () => {
  const rules = [parseEgressRule("*.example.com", ["/"]), parseEgressRule("api.example.com")];
  expect(findRule(rules, "api.example.com", 443)?.readOnly).toEqual([]);
  expect(findRule(rules, "www.example.com", 443)?.readOnly).toEqual(["/"]);
});
