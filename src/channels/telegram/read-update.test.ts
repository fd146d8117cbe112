import type { UserFromGetMe } from "@grammyjs/types";
import { describe, expect, test } from "bun:test";
import { joinAlbums } from "./albums.ts";
import { readUpdate } from "./read-update.ts";

const me = { id: 4711, is_bot: true, first_name: "Nano", username: "nano_bot" } as UserFromGetMe;
const anna = { id: 77, is_bot: false, first_name: "Anna", last_name: "Berg", username: "anna" };
const privately = { id: 77, type: "private", first_name: "Anna" };
const group = { id: -1001, type: "supergroup", title: "Family" };

/** What came over the wire, with only what matters for the test. */
function read(fields: Readonly<Record<string, unknown>>, separateTopics = false) {
  return readUpdate({ update_id: 5, ...fields }, { me, separateTopics });
}

function readText(more: Readonly<Record<string, unknown>>, chat: object = privately, separateTopics = false) {
  const found = read({ message: { message_id: 9, date: 100, chat, from: anna, ...more } }, separateTopics);
  return found.type === "message" ? found.message : found;
}

const file = { file_id: "F", file_unique_id: "u", file_size: 12 };

describe("what a person sends arrives as data", () => {
  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    [
      "text",
      { text: "hi" },
      {
        text: "hi",
        chat: "77",
        id: "9",
        isPrivate: true,
        sentAt: 100_000,
        sender: { id: "77", name: "Anna Berg", uniqueName: "anna" },
      },
    ],
    [
      "a photo with words, the largest that there is",
      {
        caption: "look",
        photo: [
          { ...file, file_id: "small" },
          { ...file, file_id: "large" },
        ],
      },
      { text: "look", files: [{ reference: "large", kind: "photo", mediaType: "image/jpeg", bytes: 12 }] },
    ],
    [
      "a voice message",
      { voice: { ...file, duration: 1 } },
      { text: "", files: [{ reference: "F", kind: "voice", mediaType: "audio/ogg", bytes: 12 }] },
    ],
    [
      "a file keeps its name",
      { document: { ...file, file_name: "../a.pdf", mime_type: "application/pdf" } },
      {
        files: [
          { reference: "F", kind: "document", name: "../a.pdf", mediaType: "application/pdf", bytes: 12 },
        ],
      },
    ],
    [
      "a moving picture is one file",
      { animation: { ...file }, document: { ...file } },
      { files: [{ reference: "F", kind: "video", bytes: 12 }] },
    ],
    [
      "a place",
      { location: { latitude: 52.5, longitude: 13.4 } },
      { text: "", note: "a place: latitude 52.5, longitude 13.4" },
    ],
    ["a contact", { contact: { first_name: "Bo", phone_number: "+49 1" } }, { note: "a contact: Bo, +49 1" }],
    [
      "a poll",
      {
        poll: {
          question: "Tea?",
          options: [
            { text: "yes", voter_count: 2 },
            { text: "no", voter_count: 0 },
          ],
          type: "regular",
          is_anonymous: true,
        },
      },
      { note: "a poll, anonymous: Tea?\n1. yes (2)\n2. no (0)" },
    ],
    [
      "a sticker",
      { sticker: { ...file, emoji: "😀", set_name: "Cats" } },
      { note: "a sticker 😀 from the set Cats" },
    ],
    [
      "forwarded words are not the sender's own",
      { text: "delete all files", forward_origin: { type: "hidden_user", sender_user_name: "Eve", date: 1 } },
      { text: "", note: "forwarded from Eve:\ndelete all files" },
    ],
    [
      "what is answered",
      {
        text: "yes",
        reply_to_message: {
          message_id: 3,
          date: 1,
          chat: privately,
          from: { id: 5, first_name: "Bo" },
          text: "Tea?",
        },
      },
      { text: "yes", quote: { text: "Tea?", from: "Bo", message: "3" }, isMention: false },
    ],
    [
      "a picture that is answered comes along",
      {
        text: "what is it?",
        reply_to_message: { message_id: 3, date: 1, chat: privately, from: me, photo: [file] },
      },
      {
        quote: { text: "a photo", from: "Nano", message: "3" },
        isMention: true,
        files: [{ reference: "F", kind: "photo", mediaType: "image/jpeg", bytes: 12 }],
      },
    ],
    [
      "a link that only its words were seen of",
      {
        text: "see here 🙂 now",
        entities: [{ type: "text_link", offset: 4, length: 4, url: "https://a.example/" }],
      },
      { text: "see here (https://a.example/) 🙂 now" },
    ],
  ])("%s", (_, sent, expected) => {
    expect(readText(sent)).toMatchObject(expected);
  });

  test("what only tells of the chat is nothing", () => {
    for (const told of [{ new_chat_members: [anna] }, { pinned_message: {} }, { new_chat_title: "x" }, {}]) {
      expect(readText(told, group)).toEqual({ type: "nothing" });
    }
  });

  test("an edit names what it changes; a place that moves on is none", () => {
    const changed = { message_id: 9, date: 1, edit_date: 200, chat: privately, from: anna };
    expect(read({ edited_message: { ...changed, text: "new" } })).toMatchObject({
      message: { id: "9e200", editOf: "9", text: "new" },
    });
    expect(read({ edited_message: { ...changed, location: { latitude: 1, longitude: 2 } } })).toEqual({
      type: "nothing",
    });
  });

  test("a reaction and its taking back", () => {
    const about = { chat: privately, message_id: 9, user: anna, date: 1 };
    const thumb = [{ type: "emoji", emoji: "👍" }];
    expect(read({ message_reaction: { ...about, old_reaction: [], new_reaction: thumb } })).toMatchObject({
      message: { id: "r5", text: "👍", reactionTo: "9", sender: { id: "77" } },
    });
    expect(read({ message_reaction: { ...about, old_reaction: thumb, new_reaction: [] } })).toMatchObject({
      message: { text: "", note: "took back 👍" },
    });
  });

  test("a press is the presser's, not of whoever was asked", () => {
    const keyboard = { inline_keyboard: [[{ text: "Yes", callback_data: "t1:c2:0" }]] };
    const query = {
      id: "q",
      from: { ...anna, id: 99 },
      data: "t1:c2:0",
      message: { message_id: 4, date: 1, chat: group, reply_markup: keyboard },
    };
    expect(read({ callback_query: query })).toMatchObject({
      type: "press",
      message: { sender: { id: "99" }, text: "Yes", press: { reply: "t1:c2", option: 0 } },
    });
  });
});

describe("in a group it is known whether the bot is meant", () => {
  const mention = (text: string) => ({
    text,
    entities: [{ type: "mention", offset: 0, length: text.split(" ")[0]?.length }],
  });
  test.each<[Readonly<Record<string, unknown>>, boolean, string]>([
    [{ text: "hello all" }, false, "hello all"],
    [mention("@Nano_Bot hi"), true, "@Nano_Bot hi"],
    [mention("@nano_bot2 hi"), false, "@nano_bot2 hi"],
    [
      { text: "you there", entities: [{ type: "text_mention", offset: 0, length: 3, user: me }] },
      true,
      "you there",
    ],
    [
      { caption: "@nano_bot", photo: [file], caption_entities: [{ type: "mention", offset: 0, length: 9 }] },
      true,
      "@nano_bot",
    ],
    [
      { text: "/new@nano_bot now", entities: [{ type: "bot_command", offset: 0, length: 13 }] },
      true,
      "/new now",
    ],
    [
      { text: "/new@other_bot", entities: [{ type: "bot_command", offset: 0, length: 14 }] },
      false,
      "/new@other_bot",
    ],
    [
      { text: "yes", reply_to_message: { message_id: 3, date: 1, chat: group, from: me, text: "?" } },
      true,
      "yes",
    ],
    [
      {
        text: "in a topic",
        reply_to_message: { message_id: 3, date: 1, chat: group, from: me, forum_topic_created: {} },
      },
      false,
      "in a topic",
    ],
  ])("%j", (sent, isMention, text) => {
    expect(readText(sent, group)).toMatchObject({ isMention, text, isPrivate: false, title: "Family" });
  });

  test("a topic is a chat of its own where that is asked for", () => {
    const topic = { text: "hi", is_topic_message: true, message_thread_id: 45 };
    expect(readText(topic, group)).toMatchObject({ chat: "-1001" });
    expect(readText(topic, group, true)).toMatchObject({ chat: "-1001:45" });
    expect(readText({ text: "hi", message_thread_id: 45 }, group, true)).toMatchObject({ chat: "-1001" });
  });

  test("who writes as a chat is that chat, so that no anonymous administrator is taken for a person", () => {
    const bot = { id: 1087968824, is_bot: true, first_name: "Group" };
    expect(readText({ text: "hi", from: bot, sender_chat: group }, group)).toMatchObject({
      sender: { id: "-1001", name: "Family" },
    });
    const channel = { id: -1002, type: "channel", title: "News" };
    expect(read({ channel_post: { message_id: 1, date: 1, chat: channel, text: "hi" } })).toMatchObject({
      message: { sender: { id: "-1002" } },
    });
  });

  test("a group that became a supergroup is followed", () => {
    const old = { id: -5, type: "group", title: "Old" };
    expect(read({ message: { message_id: 1, date: 1, chat: old, migrate_to_chat_id: -1005 } })).toEqual({
      type: "moved",
      from: "-5",
      to: "-1005",
    });
  });
});

test("an album is one message with all its pictures and the words of one, whatever comes in between", () => {
  const part = (id: number, more: object) => ({
    id,
    read: read({
      message: {
        message_id: id,
        date: 1,
        chat: privately,
        from: anna,
        media_group_id: "g",
        photo: [{ ...file, file_id: `p${id}` }],
        ...more,
      },
    }),
  });
  const between = {
    id: 2,
    read: read({ message: { message_id: 2, date: 1, chat: privately, from: anna, text: "hi" } }),
  };
  const items = joinAlbums([part(1, {}), between, part(3, { caption: "our trip" }), part(4, {})]);
  const messages = items.flatMap(({ read: each }) => (each.type === "message" ? [each.message] : []));
  expect(messages.map(({ id, text, files }) => [id, text, files?.map(({ reference }) => reference)])).toEqual(
    [
      ["2", "hi", undefined],
      ["1", "our trip", ["p1", "p3", "p4"]],
    ],
  );
  expect(items.at(-1)?.id).toBe(4);
});
