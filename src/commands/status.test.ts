import { expect, test } from "bun:test";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { createFakeServices, statusReport } from "../../test/fakes/services.ts";
import { parseArguments } from "./arguments.ts";
import type { StatusReport } from "./services.ts";
import { formatStatus, runStatusCommand } from "./status.ts";
import { createStyle } from "./style.ts";
import { version } from "./version.ts";

const plain = createStyle(false);
const json = { flags: [{ name: "json", says: "" }], words: [] };

test("status shows what is set up, and of a key only where it was found", () => {
  expect(formatStatus(statusReport, plain)).toBe(
    [
      `nanoclaw ${version}`,
      "",
      "Home        /home/anna/.nanoclaw",
      "Config      /home/anna/.nanoclaw/config.json ✓",
      "Model       anthropic/claude-opus-4-5",
      "",
      "Anthropic   ✓ ANTHROPIC_API_KEY ← in use",
      "OpenAI      not set",
      "",
      "Sandbox     bubblewrap ✓",
      "            namespaces and seccomp",
      "Groups      main, family",
      "",
    ].join("\n"),
  );
});

test("status shows how the chats are, and to whom nothing could be sent", () => {
  const refused = { chat: "77", title: "Anna\u009b", reason: "blocked", at: new Date(0) };
  const report: StatusReport = {
    ...statusReport,
    channels: [
      { name: "telegram", state: "connected", since: 0, unreachable: [refused] },
      { name: "http", state: "down", reason: "no\u001b[1m network", unreachable: [] },
    ],
  };
  expect(formatStatus(report, plain).split("\n").slice(-4)).toEqual([
    "Channels    telegram ✓",
    "            cannot write to Anna<U+009B> (77): blocked (1970-01-01 00:00)",
    "            http ✗ down no␛[1m network",
    "",
  ]);
});

test("status shows what it can when parts are missing", () => {
  const report: StatusReport = {
    home: "/h",
    config: { path: "/h/config.json", state: "invalid" },
    problems: ["The store cannot be opened:\n/h/nanoclaw.db"],
  };
  const text = formatStatus(report, plain);
  expect(text).toContain("✗ cannot be read");
  expect(text).toContain("! The store cannot be opened: /h/nanoclaw.db");
});

test("no path and no name can send an escape sequence", () => {
  const report: StatusReport = { ...statusReport, home: "/h\u001b]0;x\u0007", groups: ["a\u009bm"] };
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  expect(formatStatus(report, plain)).not.toMatch(/[\u001b\u0007\u009b]/);
});

test("--json carries the version and the whole report", async () => {
  const io = createFakeIo();
  const signal = new AbortController().signal;
  await runStatusCommand(parseArguments(["--json"], json), io, createFakeServices(), signal);
  expect(JSON.parse(io.out)).toEqual({ version, ...statusReport });
});
