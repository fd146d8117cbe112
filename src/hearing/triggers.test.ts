import { describe, expect, test } from "bun:test";
import { defaultSettings, triggerModes, type TriggerMode } from "../store/group-settings.ts";
import { attentionMs, findAddressing, type Heard } from "./triggers.ts";

const now = Date.UTC(2026, 0, 31, 12);
const plain: Heard = { text: "hello", isPrivate: false, isMention: false, now };

const gate: readonly (readonly [TriggerMode, name: string, Partial<Heard>, isAddressed: boolean])[] = [
  ["mention", "Andy", { isPrivate: true }, true],
  ["never", "Andy", { isPrivate: true }, true],
  ["mention", "Andy", {}, false],
  ["mention", "Andy", { text: "@Andy hello" }, true],
  ["mention", "Andy", { text: "hello @Andy" }, true],
  ["mention", "Andy", { isMention: true }, true],
  ["mention", "Andy", { text: "@Andyextra" }, false],
  ["mention", "Claw", { text: "@Claw hello" }, true],
  ["mention", "Claw", { text: "@Andy hello" }, false],
  ["mention", "", { text: "@ hello" }, false],
  ["always", "Andy", {}, true],
  ["always", "Claw", { text: "@Andy hello" }, true],
  ["never", "Andy", { text: "@Andy hello" }, false],
  ["never", "Andy", { isMention: true }, false],
  ["mention-sticky", "Andy", {}, false],
  ["mention-sticky", "Andy", { text: "@Andy hello" }, true],
  ["mention-sticky", "Andy", { isMention: true }, true],
];

test.each(gate)("in a group with %s as %s, %j is addressed: %p", (triggerMode, triggerName, heard, is) => {
  const settings = { ...defaultSettings, triggerMode, triggerName };
  expect(findAddressing({ ...plain, ...heard }, settings).isAddressed).toBe(is);
});

test("what is said in private is addressed in every mode", () => {
  for (const triggerMode of triggerModes) {
    const settings = { ...defaultSettings, triggerMode };
    expect(findAddressing({ ...plain, isPrivate: true }, settings).isAddressed).toBe(true);
  }
});

describe("who has called the assistant", () => {
  const sticky = { ...defaultSettings, triggerMode: "mention-sticky" } as const;
  const soon = now + 4 * 60_000;

  const story: readonly (readonly [
    what: string,
    Partial<Heard>,
    Partial<ReturnType<typeof findAddressing>>,
  ])[] = [
    ["calls it for the first time", { text: "@Andy hi" }, { isAddressed: true, attention: "holds" }],
    [
      "goes on",
      { addressedUntil: soon },
      { isAddressed: true, attention: "holds", reason: "its writer called @Andy and goes on, 360 s later" },
    ],
    ["is silent for long", { addressedUntil: now }, { isAddressed: false, attention: "ends" }],
    [
      "calls it again after a silence",
      { addressedUntil: now - 1, text: "@Andy!" },
      { isAddressed: true, attention: "holds" },
    ],
    [
      "turns to somebody else",
      { addressedUntil: soon, text: "@Bob, and you?" },
      { isAddressed: false, attention: "ends" },
    ],
    [
      "turns to somebody else in another script",
      { addressedUntil: soon, text: "＠小红 你呢" },
      { isAddressed: false, attention: "ends" },
    ],
    [
      "turns to somebody else as the platform writes it",
      { addressedUntil: soon, text: " <@U42> and you?" },
      { isAddressed: false, attention: "ends" },
    ],
    [
      "names somebody else in passing",
      { addressedUntil: soon, text: "what would @Bob say?" },
      { isAddressed: true, attention: "holds" },
    ],
    [
      "names both",
      { addressedUntil: soon, text: "@Bob @Andy what now?" },
      { isAddressed: true, attention: "holds" },
    ],
    [
      "answers what somebody else wrote",
      { addressedUntil: soon, answersOther: true },
      { isAddressed: false },
    ],
    [
      "goes on after the clock was put back by an hour",
      { addressedUntil: now + 3_600_000 },
      { isAddressed: false, attention: "ends" },
    ],
    [
      "goes on with an e-mail address",
      { addressedUntil: soon, text: "write to bob@b.example" },
      { isAddressed: true, attention: "holds" },
    ],
  ];
  test.each(story)("and %s: %j", (_, heard, expected) => {
    const found = findAddressing({ ...plain, ...heard }, sticky);
    expect(found).toMatchObject(expected);
    if (expected.attention === undefined) expect(found.attention).toBeUndefined();
  });

  test("is heard for as long as was said", () => {
    const at = (ms: number): boolean =>
      findAddressing({ ...plain, addressedUntil: now + attentionMs, now: now + ms }, sticky).isAddressed;
    expect([at(0), at(attentionMs - 1), at(attentionMs)]).toEqual([true, true, false]);
  });
});
