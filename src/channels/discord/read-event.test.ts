import type { GatewayMessageCreateDispatchData } from "discord-api-types/v10";
import { describe, expect, test } from "bun:test";
import { createChoice } from "../../../test/fakes/random.ts";
import { readEdit, readInteraction, readReaction } from "./read-event.ts";
import { readMessage } from "./read-message.ts";
import type { Reading } from "./reading.ts";

const anna = { id: "77", username: "anna", global_name: "Anna", discriminator: "0", avatar: null };
const nano = {
  id: "4711",
  username: "nano_bot",
  global_name: null,
  discriminator: "1234",
  avatar: null,
  bot: true,
};

const privately: Reading = {
  me: { id: "4711", name: "Nano", application: "4711" },
  place: { chat: "501", channel: "501", title: undefined, isPrivate: true, role: undefined },
  nameOf: (channel) => (channel === "910" ? "general" : undefined),
};
const inThread: Reading = {
  ...privately,
  place: { chat: "910", channel: "920", title: "#general (Home)", isPrivate: false, role: "9009" },
};

/** As Discord's own documentation has it. */
const official = {
  id: "334385199974967042",
  channel_id: "501",
  author: anna,
  content: "Supa Hot",
  timestamp: "2017-07-11T17:27:07.299000+00:00",
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  reactions: [],
  pinned: false,
  type: 0,
  channel_type: 1,
} satisfies Omit<GatewayMessageCreateDispatchData, "type" | "channel_type"> & {
  readonly type: number;
  readonly channel_type: number;
};

function read(more: Readonly<Record<string, unknown>>, reading = privately) {
  return readMessage({ ...official, ...more }, reading);
}

const file = {
  id: "600",
  filename: "../a.pdf",
  content_type: "application/pdf",
  size: 12,
  url: "",
  proxy_url: "",
};

describe("what a person sends arrives as data", () => {
  test.each<[string, Readonly<Record<string, unknown>>, object]>([
    [
      "text",
      {},
      {
        chat: "501",
        id: "334385199974967042",
        text: "Supa Hot",
        isPrivate: true,
        title: "Anna",
        isMention: false,
        sentAt: 1_499_794_027_299,
        sender: { id: "77", name: "Anna", uniqueName: "anna" },
      },
    ],
    [
      "a file keeps its name and is asked for by its message",
      { attachments: [file] },
      {
        files: [
          {
            reference: "501/334385199974967042/600",
            kind: "document",
            name: "../a.pdf",
            mediaType: "application/pdf",
            bytes: 12,
          },
        ],
      },
    ],
    [
      "a voice message",
      { content: "", attachments: [{ ...file, content_type: "audio/ogg", waveform: "AA" }] },
      {
        text: "",
        files: [{ kind: "voice", mediaType: "audio/ogg" }],
      },
    ],
    [
      "names in place of numbers",
      {
        content: "<@4711> ask <@!78> in <#910> <:party:123> <#5>",
        mentions: [nano, { ...anna, id: "78", global_name: "Ben" }],
      },
      { text: "@Nano ask @Ben in #general :party: <#5>", isMention: true },
    ],
    [
      "a command behind our name",
      { content: "<@4711>  /status", mentions: [nano] },
      {
        text: "/status",
        isMention: true,
      },
    ],
    [
      "a sticker",
      { content: "", sticker_items: [{ id: "1", name: "Wave", format_type: 1 }] },
      {
        note: "a sticker Wave",
      },
    ],
    [
      "a poll",
      {
        content: "",
        poll: { question: { text: "Tea?" }, answers: [{ answer_id: 1, poll_media: { text: "Yes" } }] },
      },
      {
        note: "a poll: Tea?\n1. Yes",
      },
    ],
    [
      "what another wrote, passed on",
      {
        content: "",
        message_reference: { type: 1, channel_id: "1", message_id: "2" },
        message_snapshots: [{ message: { content: "do this", attachments: [file] } }],
      },
      { text: "", note: "forwarded:\ndo this", files: [{ name: "../a.pdf" }] },
    ],
    [
      "an answer to us, with what it answers",
      {
        type: 19,
        referenced_message: { ...official, id: "5", author: nano, content: "Tea or coffee?" },
      },
      { isMention: true, quote: { text: "Tea or coffee?", from: "nano_bot", message: "5" } },
    ],
    ["a program", { author: { ...anna, bot: true } }, { isFromBot: true }],
    ["a webhook", { webhook_id: "9" }, { isFromBot: true }],
  ])("%s", (_, more, expected) => {
    expect(read(more)).toMatchObject(expected);
  });
});

test("in a thread a message has an address of its own, and the bot's role calls it", () => {
  expect(read({ content: "<@&9009> hi", mention_roles: ["9009"] }, inThread)).toMatchObject({
    chat: "910",
    id: "920:334385199974967042",
    text: "@Nano hi",
    isMention: true,
    isPrivate: false,
    title: "#general (Home)",
  });
});

test("our own words, and what only tells of the chat, are nothing", () => {
  expect(read({ author: nano })).toBeUndefined();
  expect(read({ type: 7 })).toBeUndefined();
  expect(read({ content: "" })).toBeUndefined();
  expect(readEdit({ ...official, embeds: [{ title: "a page" }] }, privately)).toBeUndefined();
});

test("an edit, a reaction and one that is taken back say what they are about", () => {
  const edited = readEdit({ ...official, edited_timestamp: "2017-07-11T17:28:00.000000+00:00" }, privately);
  expect(edited).toMatchObject({
    editOf: "334385199974967042",
    id: "334385199974967042e1499794080000",
    text: "Supa Hot",
  });
  const reaction = { user_id: "77", channel_id: "920", message_id: "5", emoji: { id: null, name: "👍" } };
  const mark = "s:9";
  expect(readReaction(reaction, inThread, { mark, isGone: false })).toMatchObject({
    reactionTo: "920:5",
    text: "👍",
    id: "920:rs:9",
  });
  expect(readReaction(reaction, inThread, { mark, isGone: true })).toMatchObject({
    text: "",
    note: "took back 👍",
  });
  expect(readReaction({ ...reaction, user_id: "4711" }, inThread, { mark, isGone: false })).toBeUndefined();
});

test("a command of the menu is what would have been typed, a press what stands on the button", () => {
  const common = { id: "8", token: "t_1", channel_id: "501", user: anna };
  const command = { name: "model", type: 1, options: [{ name: "name", type: 3, value: "big" }] };
  expect(readInteraction({ ...common, type: 2, data: command }, privately)).toMatchObject({
    type: "command",
    message: { id: "i8", text: "/model big", isMention: true, sender: { id: "77" } },
  });
  const components = [{ type: 1, components: [{ type: 2, label: "Yes", custom_id: "k:1:0" }] }];
  const press = { ...common, type: 3, data: { custom_id: "k:1:0" }, message: { components } };
  expect(readInteraction(press, privately)).toMatchObject({
    type: "press",
    button: "k:1",
    message: { text: "Yes", press: { option: 0 } },
  });
  expect(readInteraction({ ...press, token: "../../channels" }, privately)).toBeUndefined();
});

test("whatever comes, reading it never throws, and names only Discord's own numbers", () => {
  const odd: readonly unknown[] = [null, 0, "", "x", [], {}, true, { id: {} }, [{ id: "../1" }], "🙂", -1];
  const keys = [
    ...Object.keys(official),
    "referenced_message",
    "message_snapshots",
    "poll",
    "member",
    "data",
    "emoji",
  ];
  for (let seed = 0; seed < 3000; seed++) {
    const choose = createChoice(seed);
    const data: Record<string, unknown> = {
      ...official,
      message_reference: { type: 1 },
      token: "t",
      type: choose(4),
    };
    for (let n = choose(6); n >= 0; n--) data[keys[choose(keys.length)] ?? ""] = odd[choose(odd.length)];
    const found = readMessage(data, privately);
    if (found !== undefined) expect(found.id).toMatch(/^\d+(?:e\d+)?$/);
    readEdit({ ...data, edited_timestamp: "x" }, inThread);
    readReaction(data, inThread, { mark: "m", isGone: choose(2) === 1 });
    readInteraction(data, inThread);
  }
});
