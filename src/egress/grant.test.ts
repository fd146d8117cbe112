import { describe, expect, test } from "bun:test";
import { isBelow, isPlainPath } from "./grant-path.ts";
import { parseGrant, readGrant, type Grant } from "./grant.ts";

const grant: Grant = {
  name: "github",
  secret: "GITHUB_TOKEN",
  base: "https://api.github.com",
  methods: ["GET"],
  paths: ["/repos"],
  placement: { type: "header", name: "Authorization", format: "Bearer {}" },
};

describe("a path", () => {
  test.each(["/", "/repos", "/repos/a/b", "/repos/", "/a%20b", "/a.b/..c", "/~anna/-/x:y@z", "/a;v=1/b"])(
    "%s is plain",
    (path) => {
      expect(isPlainPath(path)).toBe(true);
    },
  );

  test.each([
    ...[
      "",
      "repos",
      "//repos",
      "/a//b",
      "/..",
      "/a/../b",
      "/a/./b",
      "/a/..",
      "/a\\b",
      "/a?b",
      "/a#b",
      "/a b",
      "/é",
    ],
    ...["/a/..;/b", "/a/.;x/b", "/a/;/b", "/a/..%3b/b", "/a/..%253B/b", "/a/..;v=1"],
    ...[
      "/a%2fb",
      "/a%2Fb",
      "/%2e%2e/b",
      "/a%5cb",
      "/a%252fb",
      "/a%25252e",
      "/a%00",
      "/a%2500",
      "/a%",
      "/a%zz",
    ],
  ])("%j could be read in two ways", (path) => {
    expect(isPlainPath(path)).toBe(false);
  });

  test("is below a prefix part by part", () => {
    expect(["/repos", "/repos/", "/repos/a"].map((path) => isBelow(path, "/repos"))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["/repositories", "/", "/repo", "/a/repos"].map((path) => isBelow(path, "/repos"))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(isBelow("/anything", "/")).toBe(true);
  });
});

describe("what the owner asks for", () => {
  test.each([
    ["https://api.github.com/", "https://api.github.com"],
    ["HTTPS://API.GitHub.com:443/v3/", "https://api.github.com/v3"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://[::1]:8080/x", "http://[::1]:8080/x"],
  ])("%s is bound to %s", (base, bound) => {
    expect(parseGrant({ ...grant, base }).base).toBe(bound);
  });

  test.each([
    "http://api.github.com",
    "http://localhost:80",
    "http://127.0.0.1.evil.example",
    "https://user:pass@api.github.com",
    "https://api.github.com/?a",
    "https://api.github.com/#a",
    "https://api.github.com//x",
    "ftp://api.github.com",
    "api.github.com",
    "",
  ])("%j is no base", (base) => {
    expect(() => parseGrant({ ...grant, base })).toThrow();
  });

  test.each([
    { name: "Git" },
    { name: "a/b" },
    { methods: [] },
    { methods: ["CONNECT"] },
    { paths: [] },
    { paths: ["/a/../b"] },
    { placement: { type: "header", name: "Host", format: "{}" } },
    { placement: { type: "header", name: "X-Key", format: "no place" } },
    { placement: { type: "header", name: "X-Key", format: "{}\r\nX-Other: 1" } },
    { placement: { type: "header", name: "X Key", format: "{}" } },
    { placement: { type: "basic", user: "a:b" } },
    { placement: { type: "model", wire: "openai", models: [] } },
  ] satisfies Partial<Grant>[])("%j is refused", (part) => {
    expect(() => parseGrant({ ...grant, ...part })).toThrow();
  });

  test("what is stored is read as it was; what somebody else wrote is not used", () => {
    const { name, secret, base, ...terms } = grant;
    const stored = { name, secret, base, terms: JSON.stringify(terms) };
    expect(readGrant(stored)).toEqual(grant);
    for (const broken of [
      "",
      "{}",
      "null",
      '{"methods":"GET","paths":["/"],"placement":{"type":"query","name":"k"}}',
    ]) {
      expect(() => readGrant({ ...stored, terms: broken })).toThrow("cannot be understood");
    }
    expect(() => readGrant({ ...stored, base: "http://evil.example" })).toThrow("cannot be understood");
  });
});
