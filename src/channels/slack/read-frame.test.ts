import { expect, test } from "bun:test";
import pairs from "../../../test/golden/slack/pairs.json";
import { createChoice } from "../../../test/fakes/random.ts";
import { readFrame, type FrameReading } from "./read-frame.ts";
import { readText } from "./read-text.ts";

const reading: FrameReading = {
  me: { user: "UBOT", bot: "BBOT", name: "nano" },
  separateThreads: false,
  commands: new Set(["new", "status"]),
};

/** As Slack's own pages show them. */
const event = {
  token: "z",
  team_id: "T123",
  api_app_id: "A123",
  type: "event_callback",
  event_id: "Ev123",
  event_time: 1_355_517_523,
  event: {
    type: "message",
    channel: "C2147483705",
    user: "U2147483697",
    text: "Hello &lt;world&gt; <@U1|anna> <#C1|general> <!here> <https://x.test/a|words> <mailto:a@x.test|a@x.test>",
    ts: "1355517523.000005",
    client_msg_id: "5a0d",
    team: "T123",
    channel_type: "channel",
    blocks: [{ type: "rich_text", block_id: "b", elements: [] }],
  },
};

const changed = {
  type: "message",
  subtype: "message_changed",
  hidden: true,
  channel: "C1",
  ts: "1358878755.000001",
  message: {
    type: "message",
    user: "U1",
    text: "Hello, world!",
    ts: "1355517523.000005",
    edited: { user: "U1", ts: "1358878755.000001" },
  },
  previous_message: { type: "message", user: "U1", text: "Hello, wrld!", ts: "1355517523.000005" },
};

function read(payload: object, type = "events_api") {
  return readFrame({ type, envelope: "e1", payload }, reading);
}

test("a message says what people read: names, places, and where links lead", () => {
  expect(read(event)).toEqual({
    type: "message",
    message: {
      chat: "C2147483705",
      id: "1355517523.000005",
      sender: { id: "U2147483697" },
      text: "Hello <world> @anna #general @here words (https://x.test/a) a@x.test",
      isPrivate: false,
      isMention: false,
      sentAt: 1_355_517_523_000,
    },
  });
});

test("a correction is one, a preview that Slack adds is none, and neither is what tells of the channel", () => {
  expect(read({ event: changed })).toMatchObject({
    message: {
      id: "1355517523.000005e1358878755.000001",
      editOf: "1355517523.000005",
      text: "Hello, world!",
    },
  });
  const same = { ...changed, previous_message: changed.message };
  expect(read({ event: same })).toEqual({ type: "nothing" });
  for (const subtype of ["channel_join", "message_deleted", "pinned_item", "channel_topic", "reminder_add"]) {
    expect(read({ event: { ...event.event, subtype } })).toEqual({ type: "nothing" });
  }
});

test("files come with their names; what was deleted or lies elsewhere does not", () => {
  const file = {
    id: "F1",
    name: "a.png",
    mimetype: "image/png",
    size: 5,
    url_private: "https://files.slack.com/a",
  };
  const files = [
    file,
    { id: "F2", mode: "tombstone" },
    { ...file, is_external: true },
    { ...file, subtype: "slack_audio" },
  ];
  expect(read({ event: { ...event.event, subtype: "file_share", text: "", files } })).toMatchObject({
    message: {
      text: "",
      files: [
        { reference: "https://files.slack.com/a", kind: "photo", name: "a.png", bytes: 5 },
        { kind: "voice" },
      ],
    },
  });
});

test("another program is told as one, and what it only shows is read", () => {
  const bot = {
    ...event.event,
    user: undefined,
    subtype: "bot_message",
    bot_id: "B7",
    text: "",
    attachments: [{ fallback: "Build failed" }],
  };
  expect(read({ event: bot })).toMatchObject({
    message: { sender: { id: "B7" }, isFromBot: true, text: "Build failed" },
  });
});

test("Slack's own voice is a program's", () => {
  const slackbot = { ...event.event, user: "USLACKBOT" };
  expect(read({ event: slackbot })).toMatchObject({ message: { isFromBot: true } });
});

test("who only calls is heard", () => {
  expect(read({ event: { ...event.event, text: "<@UBOT>" } })).toMatchObject({
    message: { text: "@nano", isMention: true },
  });
});

test.each(pairs.strip_mention)("as the Python system takes its name out of %j", ({ in: given, out }) => {
  expect(readText(given, "UBOT")).toEqual({ text: out, isMention: true });
});

test("whatever comes, nothing is thrown, and what is no message is none", () => {
  const seeds: readonly (readonly [string, object])[] = [
    ["events_api", event],
    ["events_api", { event: changed }],
    [
      "events_api",
      {
        event: {
          type: "reaction_added",
          user: "U1",
          reaction: "+1",
          item: { type: "message", channel: "C1", ts: "1.2" },
        },
      },
    ],
    [
      "slash_commands",
      { command: "/nanoclaw", text: "new", user_id: "U1", channel_id: "C1", trigger_id: "1" },
    ],
    [
      "interactive",
      {
        type: "block_actions",
        user: { id: "U1" },
        channel: { id: "C1" },
        message: { ts: "1.2", thread_ts: "1.1" },
        actions: [{ type: "button", value: "k:1", action_ts: "2.3", text: { text: "Yes" } }],
      },
    ],
  ];
  const choose = createChoice(1);
  for (let round = 0; round < 3000; round++) {
    const [type, payload] = seeds[choose(seeds.length)] ?? ["", {}];
    const known = read(damage(payload, choose), type);
    if (known.type === "message" || known.type === "press") {
      const { chat, id, sender, text } = known.message;
      for (const word of [chat, id, sender.id, text]) expect(typeof word).toBe("string");
      expect(chat === "" || sender.id === "").toBe(false);
    }
  }
});

/** Something in it is something else. */
function damage(value: object, choose: (count: number) => number): object {
  const copy = structuredClone(value) as Record<string, unknown>;
  let place = copy;
  for (;;) {
    const names = Object.keys(place);
    const name = names[choose(Math.max(1, names.length))];
    if (name === undefined) return copy;
    const inner = place[name];
    if (typeof inner === "object" && inner !== null && choose(3) > 0) {
      place = inner as Record<string, unknown>;
      continue;
    }
    const others = [undefined, null, 0, Number.NaN, "", "x", [], {}, [null], true, "<@UBOT>", "1.2.3"];
    place[name] = others[choose(others.length)];
    return copy;
  }
}
