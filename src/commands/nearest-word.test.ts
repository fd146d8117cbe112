import { expect, test } from "bun:test";
import { findNearestWord } from "./nearest-word.ts";

const commands = ["agent", "status", "groups", "config", "onboard", "service", "help"];

test.each([
  ["statsu", "status"],
  ["STATUS", "status"],
  ["agnet", "agent"],
  ["gruops", "groups"],
  ["conf", "config"],
  ["onbaord", "onboard"],
])("%s is read as %s", (typed, meant) => {
  expect(findNearestWord(typed, commands)).toBe(meant);
});

test.each(["", "x", "weather", "delete-everything"])("%p is near nothing", (typed) => {
  expect(findNearestWord(typed, commands)).toBeUndefined();
});
