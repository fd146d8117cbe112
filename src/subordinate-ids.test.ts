import { expect, test } from "bun:test";
import { findHolder, pickUid, type SubordinateRange } from "./subordinate-ids.ts";

const range = (first: number, last: number): SubordinateRange => ({
  file: "/etc/subuid",
  holder: "anna",
  first,
  last,
});
const none = () => false;

test("a group has its usual uid where that belongs to nobody's containers", () => {
  expect(pickUid(200_001, [], none)).toBe(200_001);
  expect(pickUid(200_001, [range(100_000, 165_535), range(300_000, 365_535)], none)).toBe(200_001);
});

test("else it has the same in another hundred thousand, which no other group has", () => {
  const second = range(165_536, 231_071);
  expect(pickUid(200_001, [second], none)).toBe(300_001);
  expect(pickUid(200_001, [second, range(300_001, 300_001)], none)).toBe(400_001);
  expect(pickUid(200_001, [second], (uid) => uid === 300_001)).toBe(400_001);
  expect(pickUid(200_001, [range(0, 4_294_967_295)], none)).toBeUndefined();
});

test("the ends of a range belong to it", () => {
  expect([9, 10, 20, 21].map((id) => findHolder(id, [range(10, 20)]) !== undefined)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
