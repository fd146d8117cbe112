import { expect, test } from "bun:test";
import golden from "../../test/golden/slack/pairs.json";
import type { Config } from "../config.ts";
import { defaultConfig } from "../config/defaults.ts";
import { findAdmission, type AllowQuestion } from "./allow-list.ts";

function ask(allowFrom: readonly string[], question: Partial<AllowQuestion> = {}): string {
  const { channels } = defaultConfig;
  const config: Config = {
    ...defaultConfig,
    channels: { ...channels, telegram: { ...channels.telegram, allowFrom: [...allowFrom] } },
  };
  const whole = { channel: "telegram", sender: { id: "1" }, chat: "1", isPrivate: true, ...question };
  return findAdmission(config, whole).type;
}

/** What stands in the file, who writes (`id|unique name`), whether the Python system lets him in, and what we find. */
const pairs = [
  [[], "x", true, "no"],
  [["alice"], "1|alice", true, "by-name"],
  [["1"], "1|alice", true, "by-id"],
  [["1|alice"], "1|alice", true, "by-id"],
  [["@alice"], "1|alice", false, "by-name"],
  [["+123"], "123", false, "by-id"],
  [["123"], "+1 23", false, "by-id"],
  [["1|alice"], "2|alice", false, "no"],
  [["Alice"], "1|alice", false, "by-name"],
  [["*"], "1", false, "everybody"],
  [["Ben@Example.org"], "ben@example.org", false, "by-id"],
  [["2", " 1 "], "1", false, "by-id"],
] as const;

test("who is listed may write, as the Python system matches it, but for where it lets in too many or too few", () => {
  for (const [allowFrom, sender, there, here] of pairs) {
    const [id = "", uniqueName] = sender.split("|");
    const found = ask(allowFrom, { sender: { id, ...(uniqueName === undefined ? {} : { uniqueName }) } });
    expect(`${JSON.stringify(allowFrom)} ${sender} (there ${there}): ${found}`).toEndWith(`: ${here}`);
  }
});

test("a display name, a chat of several and a part of an id match nothing", () => {
  expect(ask(["Anna"], { sender: { id: "1", name: "Anna" } as AllowQuestion["sender"] })).toBe("no");
  expect(ask(["-100"], { sender: { id: "7" }, chat: "-100", isPrivate: false })).toBe("no");
  expect(ask(["-100", "*"], { sender: { id: "-100" }, chat: "-100", isPrivate: false })).toBe("no");
  for (const entry of ["", " ", "11", "-1", "1|", "|1", "01", "1.0"]) {
    expect(`${entry}: ${ask([entry])}`).toBe(`${entry}: ${entry === "1|" ? "by-id" : "no"}`);
  }
  expect(ask(["", "@"], { sender: { id: "", uniqueName: "" } })).toBe("no");
  expect(ask(["*"], { sender: { id: "" } })).toBe("no");
});

test("a channel without a list lets nobody in", () => {
  expect(ask(["*"], { channel: "http" })).toBe("no");
  expect(ask(["*"], { channel: "toString" })).toBe("no");
});

const slackCases: readonly [Partial<Config["channels"]["slack"]>, Partial<AllowQuestion>, string][] = [
  [{}, {}, "no"],
  [{ dm: { enabled: true, policy: "open", allowFrom: [] } }, {}, "everybody"],
  [{ dm: { enabled: true, policy: "allowlist", allowFrom: ["U1"] } }, {}, "by-id"],
  [{ dm: { enabled: false, policy: "open", allowFrom: ["U1"] } }, {}, "shut"],
  [{ dm: { enabled: false, policy: "open", allowFrom: ["U1"] } }, { isPrivate: false, chat: "C1" }, "by-id"],
  [{}, { isPrivate: false, chat: "C1" }, "no"],
  [{ groupPolicy: "open" }, { isPrivate: false, chat: "C1" }, "everybody"],
  [{ groupPolicy: "open" }, {}, "no"],
  [{ groupPolicy: "allowlist", groupAllowFrom: ["C1"] }, { isPrivate: false, chat: "C1" }, "everybody"],
  [{ groupPolicy: "allowlist", groupAllowFrom: ["C1"] }, { isPrivate: false, chat: "C1:17.1" }, "everybody"],
  [{ groupPolicy: "allowlist", groupAllowFrom: ["C1"] }, { isPrivate: false, chat: "C2" }, "no"],
  [{ groupPolicy: "mention", groupAllowFrom: ["C1"] }, { isPrivate: false, chat: "C1" }, "no"],
  [{ groupAllowFrom: ["U1"] }, {}, "no"],
];

test.each(slackCases)("Slack with %j lets %j in: %s", (slack, question, expected) => {
  const config: Config = {
    ...defaultConfig,
    channels: { ...defaultConfig.channels, slack: { ...defaultConfig.channels.slack, ...slack } },
  };
  const whole = { channel: "slack", sender: { id: "U1" }, chat: "D1", isPrivate: true, ...question };
  expect(findAdmission(config, whole).type).toBe(expected as never);
});

/** The Python system lets everybody in where nothing is said; `docs/differences.md` says why nobody is here. */
test.each(golden.policy)(
  "as the Python system opens Slack: %j",
  ({ in: { config: there, ...event }, out }) => {
    const { slack: usual } = defaultConfig.channels;
    const slack = {
      ...usual,
      dm: { ...usual.dm, enabled: there.dm_enabled ?? true },
      groupPolicy: there.group_policy ?? usual.groupPolicy,
      groupAllowFrom: there.group_allow_from ?? [],
    } as Config["channels"]["slack"];
    const config: Config = { ...defaultConfig, channels: { ...defaultConfig.channels, slack } };
    const { user, channel: chat } = event;
    const place = { channel: "slack", sender: { id: user }, chat, isPrivate: event.channel_type === "im" };
    const isNothingSaid = Object.keys(there).length === 0;
    expect(findAdmission(config, place).type === "everybody").toBe(out && !isNothingSaid);
  },
);

test("a domain is all of its addresses, by mail alone, and none below it or like it", () => {
  const { channels } = defaultConfig;
  const email = { ...channels.email, allowFrom: ["@Example.org"] };
  const config: Config = { ...defaultConfig, channels: { ...channels, email } };
  const by = (id: string): string =>
    findAdmission(config, { channel: "email", sender: { id }, chat: id, isPrivate: true }).type;
  expect(["ben@example.org", "Anna@EXAMPLE.ORG"].map(by)).toEqual(["by-id", "by-id"]);
  const others = ["ben@mail.example.org", "ben@notexample.org", "a@example.org@evil.test", "example.org"];
  expect(others.map(by)).toEqual(["no", "no", "no", "no"]);
  expect(ask(["@example.org"], { sender: { id: "ben@example.org" } })).toBe("no");
});
