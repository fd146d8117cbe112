import { expect, test } from "bun:test";
import { hasHyperlinks } from "./hyperlinks.ts";

test.each([
  [{ TERM_PROGRAM: "iTerm.app" }, true],
  [{ TERM: "xterm-kitty" }, true],
  [{ TERM: "xterm-256color", VTE_VERSION: "7006" }, true],
  [{ TERM: "xterm-256color", VTE_VERSION: "4800" }, false],
  [{ TERM: "xterm-256color", WT_SESSION: "1" }, true],
  [{ TERM: "tmux-256color", TMUX: "x", VTE_VERSION: "7006" }, false],
  [{ TERM: "xterm-256color" }, false],
  [{}, false],
])("%j: %p", (env, expected) => {
  expect(hasHyperlinks(env)).toBe(expected);
});
