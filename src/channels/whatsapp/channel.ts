import { toStoredPieces } from "../rich-text/pieces.ts";
import type { Channel, ChannelSetting } from "../channel.ts";
import { readWhatsAppSettings } from "./config.ts";
import { Delivery } from "./deliver.ts";
import { cutForWhatsApp, longestText } from "./format.ts";
import { LibraryCalls } from "./library-calls.ts";
import { openLibraryProcess, type OpenLibrary } from "./link.ts";
import { fetchMedia, largestFile } from "./media.ts";
import { receiveFromWhatsApp } from "./receive.ts";

/** WhatsApp shows it for ten seconds. */
const typingMs = 8000;

/** A device that is linked with the owner's telephone: what it is sent comes here too, and what is said here it has said. */
export function createWhatsAppChannel(
  setting: ChannelSetting,
  openLibrary: OpenLibrary = openLibraryProcess,
): Channel {
  const settings = readWhatsAppSettings(setting.config);
  const { clock, memory, program, log } = setting;
  const calls = new LibraryCalls();
  const delivery = new Delivery({ calls, settings, clock });
  return {
    name: "whatsapp",
    account: "default",
    traits: { authenticatesSenders: true, isIdempotent: true, maxCharacters: longestText },
    async start(receiver, signal) {
      try {
        await receiveFromWhatsApp({ settings, memory, program, openLibrary, calls, log }, receiver, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    send: (chat, reply, signal) => delivery.send(chat, reply, signal),
    format: { toPieces: (markdown) => toStoredPieces(markdown, cutForWhatsApp) },
    edit: {
      isCostly: true,
      edit: (chat, message, reply, signal) => delivery.edit(chat, message, reply, signal),
    },
    typing: {
      everyMs: typingMs,
      async show(chat, signal) {
        await calls.call({ do: "typing", chat, isTyping: true }, signal);
        signal.throwIfAborted();
      },
    },
    react: { react: (chat, message, emoji, signal) => delivery.react(chat, message, emoji, signal) },
    files: {
      maxBytes: largestFile,
      fetch: (reference, signal) =>
        fetchMedia(reference, { base: settings.mediaUrl, proxy: settings.proxy }, signal),
      send: (chat, reply, file, signal) => delivery.sendFile(chat, reply, file, signal),
    },
  };
}
