import { expect, test } from "bun:test";
import { Activity } from "./activity.ts";

/** Without the part that turns. */
function line(activity: Activity, now: number, columns = 80): string {
  return activity.line(now, columns).slice(2);
}

test("while the model thinks: how long, how much, and what of", () => {
  const activity = new Activity(0);
  expect(line(activity, 500)).toBe("Thinking…");
  activity.think("First this.\nThen that, ");
  activity.think("and more");
  expect(line(activity, 4200)).toBe("Thinking… · 4 s · ~8 tokens · Then that, and more");
  activity.endMessage(1234);
  expect(line(activity, 75_000)).toBe("Thinking… · 1 min 15 s · 1.2k tokens");
});

test("while tools run: which, how long, and what they say", () => {
  const activity = new Activity(0);
  activity.startCall("a", "$ npm test", 1000);
  activity.progress("a", "12 of\u001b[2J 30");
  expect(line(activity, 3500)).toBe("$ npm test · 2 s · 12 of␛[2J 30");
  activity.startCall("b", "read b", 3000);
  expect(line(activity, 4500)).toBe("2 at once: $ npm test, read b · 3 s");
  activity.endCall("a");
  expect(line(activity, 4500)).toBe("read b · 1 s");
});

test("while it waits to try again: how long still, and why", () => {
  const activity = new Activity(0);
  activity.retryAt(5000, "overloaded");
  expect(line(activity, 2500)).toBe("Trying again in 3 s · overloaded · 2 s");
  expect(line(activity, 6000)).toBe("Thinking… · 6 s");
});

test("it is one line, however narrow the terminal and long the thought", () => {
  const activity = new Activity(0);
  activity.think("x".repeat(1_000_000));
  for (const columns of [1, 2, 10, 40]) {
    expect(Bun.stringWidth(activity.line(0, columns))).toBeLessThanOrEqual(columns);
  }
});
