import { expect, test } from "bun:test";
import { AppError } from "./errors.ts";
import { createLog } from "./log.ts";

function logged(error: unknown): unknown {
  let line = "";
  createLog({ level: "info", now: () => 0, write: (text) => (line = text) }).error("It went wrong.", {
    error,
  });
  return JSON.parse(line).error;
}

test("what was foreseen is logged in its words, and a bug with the place where it is", () => {
  const cause = new AppError("network", "Nobody answers.");
  expect(logged(new AppError("config", "Line 3 is wrong.", { cause }))).toEqual({
    error: "Line 3 is wrong.",
    cause: { error: "Nobody answers." },
  });
  expect(logged(new TypeError("x is not a function"))).toEqual({
    error: "x is not a function",
    stack: expect.stringContaining("log.test.ts"),
  });
});

test("at a terminal a line bears the time of the clock on the wall", () => {
  let line = "";
  const now = new Date(2026, 2, 4, 5, 6, 7, 8).getTime();
  const log = createLog({ level: "info", now: () => now, write: (text) => (line = text), pretty: true });
  log.info("gateway serves", { port: 1 });
  expect(line).toBe("05:06:07.008 info  gateway serves port=1\n");
});
