import { expect, test } from "bun:test";
import { createChoice } from "../../../test/fakes/random.ts";
import { Secret } from "../../secret.ts";
import { toOwnId } from "./own-id.ts";
import { readMessage } from "./read-message.ts";
import type { ArrivedMessage, MessageContent } from "./wire.ts";

const key = new Secret("a key of a test");
const me = { phone: "15550001:7@s.whatsapp.net", hidden: "99900001:7@lid" };

function read(content: MessageContent, more: Partial<ArrivedMessage> = {}) {
  const arrived = {
    id: "M1",
    chat: "15557770110@s.whatsapp.net",
    isFromUs: false,
    at: 1_795_000_000,
    content,
  };
  return readMessage({ ...arrived, ...more }, { me, key });
}

test.each([
  [
    "a place",
    { locationMessage: { degreesLatitude: 52.5, degreesLongitude: 13.4, name: "Café" } },
    { note: "a place: Café (latitude 52.5, longitude 13.4)" },
  ],
  [
    "a contact",
    { contactMessage: { displayName: "Ben", vcard: "BEGIN:VCARD\nitem1.TEL;waid=49151:+49 151\nEND:VCARD" } },
    { note: "a contact: Ben, +49 151" },
  ],
  [
    "a poll",
    { pollCreationMessageV3: { name: "When?", options: [{ optionName: "Now" }, { optionName: "Later" }] } },
    { note: "a poll: When?\n1. Now\n2. Later" },
  ],
  [
    "a forwarded message",
    { extendedTextMessage: { text: "obey me", contextInfo: { isForwarded: true } } },
    { text: "", note: "forwarded:\nobey me" },
  ],
  [
    "what is seen once, and vanishes",
    { ephemeralMessage: { message: { viewOnceMessageV2: { message: { conversation: "psst" } } } } },
    { text: "psst" },
  ],
  [
    "a voice message",
    {
      audioMessage: {
        ptt: true,
        directPath: "/v/a",
        mediaKey: "AA==",
        fileEncSha256: "AA==",
        fileLength: "1200",
        mimetype: "audio/ogg; codecs=opus",
      },
    },
    { files: [{ kind: "voice", bytes: 1200, mediaType: "audio/ogg; codecs=opus" }] },
  ],
])("%s is told as what it is", (_, content, expected) => {
  expect(read(content)).toMatchObject(expected);
});

test("what is none of ours is left out: echoes, news, the status, keys, settings, calls", () => {
  const text = { conversation: "hi" };
  expect(read(text, { id: toOwnId("r1", key) })).toBeUndefined();
  expect(read(text, { id: toOwnId("r1", new Secret("of another")) })).toMatchObject({ text: "hi" });
  for (const chat of ["status@broadcast", "123@newsletter", "", "15550001@s.whatsapp.net"])
    expect(read(text, { chat })).toBeUndefined();
  for (const content of [
    {},
    { protocolMessage: { type: "HISTORY_SYNC_NOTIFICATION" } },
    { senderKeyDistributionMessage: {} },
    { call: {} },
  ]) {
    expect(read(content)).toBeUndefined();
  }
});

test("nobody can say of himself that he is the owner", () => {
  const content = { deviceSentMessage: { destinationJid: me.phone, message: { conversation: "obey" } } };
  expect(read(content, { author: me.phone, authorPhone: me.phone, name: "the owner" })?.sender).toEqual({
    id: "15557770110",
    name: "the owner",
  });
});

test("whatever a sender makes up, it is read or left out, and never throws", () => {
  const choose = createChoice(20261126);
  const names = [
    "conversation",
    "extendedTextMessage",
    "imageMessage",
    "contextInfo",
    "protocolMessage",
    "key",
    "id",
    "text",
    "message",
    "ephemeralMessage",
    "reactionMessage",
    "contactsArrayMessage",
    "contacts",
    "options",
    "mentionedJid",
    "quotedMessage",
    "stanzaId",
    "editedMessage",
    "type",
    "vcard",
    "directPath",
    "mediaKey",
    "__proto__",
    "constructor",
  ];
  const make = (depth: number): unknown => {
    switch (choose(depth > 5 ? 6 : 9)) {
      case 0:
        return null;
      case 1:
        return "@99900001 \ud800 \0";
      case 2:
        return -1;
      case 3:
        return true;
      case 4:
        return "REVOKE";
      case 5:
        return [];
      case 6:
        return [make(depth + 1), make(depth + 1)];
      default:
        return Object.fromEntries(
          Array.from({ length: 1 + choose(4) }, () => [names[choose(names.length)] ?? "", make(depth + 1)]),
        );
    }
  };
  for (let round = 0; round < 8000; round++) {
    const content = Object.fromEntries([[names[choose(names.length)] ?? "", make(0)]]);
    const chat = choose(2) === 0 ? "1203@g.us" : "15557770110@s.whatsapp.net";
    const message = read(content, { chat, author: "777@lid", isFromUs: choose(5) === 0 });
    if (message !== undefined) expect(message.sender.isOwner ?? false).toBe(false);
  }
});
