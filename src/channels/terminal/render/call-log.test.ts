import { expect, test } from "bun:test";
import { CallLog } from "./call-log.ts";

test("the last call unfolds, or the one that is named", () => {
  const log = new CallLog();
  expect(log.unfold("")).toBe("No tool has run yet.\n");
  log.add("$ one", "first\n");
  log.add("$ two", "second\u001b[2J");
  expect(log.unfold("")).toBe("2: $ two\nsecond␛[2J\n");
  expect(log.unfold("1")).toBe("1: $ one\nfirst\n");
  expect(log.unfold("7\u001b")).toBe("No call 7␛. Known: 1 to 2.\n");
});

test("old and big results give way to new ones, numbers stay", () => {
  const log = new CallLog();
  for (let call = 1; call <= 300; call++) log.add(`$ ${call}`, "x".repeat(100_000));
  expect(log.unfold("300")).toStartWith("300: $ 300\n");
  expect(log.unfold("1")).toContain("No call 1.");
});
