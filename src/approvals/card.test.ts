import { describe, expect, test } from "bun:test";
import { phrases } from "../words/english/phrases.ts";
import { phrases as chinesePhrases } from "../words/chinese/phrases.ts";
import type { ApprovalFacts } from "./approval-facts.ts";
import { toCanonicalJson } from "./canonical-json.ts";
import { formatCard, toButtons, toPieces } from "./card.ts";
import { hashRequest } from "./hash-request.ts";
import { showHidden } from "./show-hidden.ts";

function toFacts(more: Partial<ApprovalFacts>): ApprovalFacts {
  return {
    id: 12 as ApprovalFacts["id"],
    group: "family",
    turn: undefined,
    kind: "call",
    state: "pending",
    actor: '{"id":"1000","kind":"owner","via":"terminal"}',
    action: "command.run",
    objectGroup: "family",
    title: "t",
    tool: "shell",
    arguments: '{"command":"true"}',
    outgoing: undefined,
    bound: undefined,
    hash: "h",
    rule: "r",
    reason: "Because.",
    words: "",
    taint: 0,
    answer: undefined,
    decidedBy: undefined,
    decidedAt: undefined,
    carriedBy: undefined,
    usedAt: undefined,
    createdAt: new Date(0),
    expiresAt: new Date(3_600_000),
    ...more,
  };
}

const options = { phrases: phrases.approval, most: 1500, frame: "fence" } as const;

describe("a card", () => {
  test("holds what would happen, where, why and for whom, in every language", () => {
    for (const { approval } of [phrases, chinesePhrases]) {
      const { text, isWhole } = formatCard(toFacts({}), { ...options, phrases: approval });
      for (const part of [
        "#12",
        "family",
        "shell",
        "command: true",
        "Because.",
        "owner (terminal 1000)",
        "01:00",
      ]) {
        expect(text).toContain(part);
      }
      expect(isWhole).toBe(true);
      expect(toButtons(toFacts({}), approval)).toHaveLength(2);
      expect(toButtons(toFacts({ bound: "{}" }), approval)).toHaveLength(3);
      expect(toButtons(toFacts({ kind: "host" }), approval)).toHaveLength(2);
    }
  });

  test.each(["```", "````\n# Allowed", "`".repeat(50), "~~~", "\n```\n🔒 Request #1"])(
    "cannot be left by what stands in it: %j",
    (evil) => {
      for (const more of [{ arguments: JSON.stringify({ command: evil }) }, { words: evil }]) {
        const { text } = formatCard(toFacts(more), options);
        const fences = text.split("\n").filter((line) => /^`{3,}$/.test(line));
        const longest = Math.max(...fences.map((line) => line.length));
        const inside = Math.max(0, ...[...evil.matchAll(/`+/g)].map(([run]) => run.length));
        expect(longest).toBeGreaterThan(inside);
      }
    },
  );

  test("that leaves out a part says how much, and of what; in pieces nothing is left out", () => {
    const command = Array.from({ length: 900 }, (_, n) => `echo line ${n} 😀`).join("\n");
    const facts = toFacts({ arguments: JSON.stringify({ command }) });
    const { text, isWhole } = formatCard(facts, options);
    expect(isWhole).toBe(false);
    expect(text).toMatch(/… and [\d,]+ more characters \(SHA-256 of all arguments: [0-9a-f]{64}\)/);
    expect(text.length).toBeLessThan(2600);
    const pieces = toPieces(facts, 1000);
    expect(pieces.every((piece) => piece.length <= 1000 && piece.isWellFormed())).toBe(true);
    const back = pieces.map((piece) => piece.split("\n").slice(2, -1).join("\n")).join("");
    expect(back.replace(/^ {2}/gm, "")).toBe(`command:\n${command}`);
    expect(formatCard(facts, { ...options, most: Infinity }).isWhole).toBe(true);
  });

  test("names the other group, the bytes that go out, and what always means", () => {
    const facts = toFacts({
      objectGroup: "work",
      outgoing: { bytes: 1234, hash: "abc" },
      bound: '{"chat":"1"}',
    });
    const { text } = formatCard(facts, options);
    for (const part of ["another group: work", "1,234 bytes", "abc", '{"chat":"1"}'])
      expect(text).toContain(part);
  });
});

describe("what is hidden", () => {
  test("is shown by its number, whatever hides it, and nothing is lost", () => {
    const hidden = [
      "\u0000",
      "\u001b",
      "\u007f",
      "\u0085",
      "\u00a0",
      "\u00ad",
      "\u034f",
      "\u061c",
      "\u115f",
      "\u180e",
    ];
    const more = [
      "\u200b",
      "\u200e",
      "\u2028",
      "\u202e",
      "\u2060",
      "\u2066",
      "\u2800",
      "\u3000",
      "\u3164",
      "\ufe0f",
    ];
    const last = [
      "\ufeff",
      "\uffa0",
      "\ufff9",
      "\ud800",
      "\ue000",
      "\u{1d173}",
      "\u{e0001}",
      "\u{e0100}",
      "\u{10ffff}",
    ];
    for (const sign of [...hidden, ...more, ...last]) {
      const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      expect(showHidden(`a${sign}b`)).toBe(`a⟨U+${code}⟩b`);
    }
  });

  test("says how many empty lines and spaces push the rest away, and shows marks that pile up", () => {
    expect(showHidden(`a${"\n".repeat(50)}b`)).toBe("a\n⟨49 empty lines⟩\nb");
    expect(showHidden(`a${" ".repeat(300)}b`)).toBe("a⟨300 spaces⟩b");
    expect(showHidden(`a${"\u0301".repeat(7)}`)).toBe(`a${"\u0301".repeat(4)}${"⟨U+0301⟩".repeat(3)}`);
  });

  test.each([
    "plain words, ümlaut, 中文, العربية, हिन्दी, e\u0301",
    "for i in 1 2; do\n  echo $i\ndone",
    "tabs are not\u0020spaces",
  ])("leaves %j as it is", (text) => expect(showHidden(text)).toBe(text));
});

describe("the hash of a request", () => {
  const facts = {
    kind: "call",
    group: "family",
    action: "files.write",
    objectGroup: "family",
    tool: "write_file",
    arguments: { path: "a", content: "b" },
    mounts: [{ source: "/a", canWrite: true, device: 1, inode: 2 }],
    environment: ["[]", "[]"],
    outgoing: new Uint8Array([1]),
  } as const;

  test("is the same for the same request, in whatever order it is written", () => {
    expect(hashRequest({ ...facts, arguments: { content: "b", path: "a" } })).toBe(hashRequest(facts));
    expect(toCanonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });

  test.each([
    { group: "work" },
    { action: "command.run" },
    { objectGroup: "work" },
    { tool: "edit_file" },
    { arguments: { path: "a", content: "B" } },
    { arguments: { path: "a", content: "b", more: null } },
    { mounts: [] },
    { mounts: [{ source: "/a", canWrite: false, device: 1, inode: 2 }] },
    { mounts: [{ source: "/a", canWrite: true, device: 1, inode: 3 }] },
    { environment: ["[1]", "[]"] },
    { outgoing: new Uint8Array([2]) },
    { outgoing: undefined },
  ])("is another when it differs in %j", (more) => {
    expect(hashRequest({ ...facts, ...more })).not.toBe(hashRequest(facts));
  });
});
