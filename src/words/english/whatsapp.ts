import { defineWords } from "../define-words.ts";

/** What WhatsApp says no to, and what is missing for it. */
export const whatsappWords = defineWords("whatsapp", {
  notLinked: () => ({
    message: "No telephone is linked with the WhatsApp channel.",
    hint: "This shows a picture to scan with it:\n  nanoclaw channels login whatsapp",
  }),
  unlinked: () => ({
    message:
      "The telephone has ended the link with NanoClaw; what was kept for it is useless now and was wiped.",
    hint: "Link it again (WhatsApp, Linked devices):\n  nanoclaw channels login whatsapp",
  }),
  sessionUnreadable: () => ({
    message: "What is kept for the link with WhatsApp cannot be opened with the key that is configured.",
    hint: "Link the telephone again:\n  nanoclaw channels login whatsapp",
  }),
  replaced: () => ({
    message: "Another program uses this very link with WhatsApp, and only one can.",
    hint: "Stop the other one, or link this one for itself:\n  nanoclaw channels login whatsapp",
  }),
  noLibrary: ({ reason }: { reason: string }) => ({
    message: `The part that speaks WhatsApp cannot be loaded: ${reason}`,
    hint: "It is fetched anew, and pinned by its hash, with:\n  nanoclaw plugins remove baileys\n  nanoclaw channels add whatsapp",
  }),
  otherLibrary: () => ({
    message: 'The plugin "baileys" is another one than the WhatsApp channel was made for.',
    hint: "Take it out; the right one comes with the channel:\n  nanoclaw plugins remove baileys\n  nanoclaw channels add whatsapp",
  }),
  badAddress: ({ key, address }: { key: string; address: string }) => ({
    message: `channels.whatsapp.${key} is no address of a server: ${address}`,
    hint: "Take the line out for WhatsApp itself.",
  }),
  badProxy: () => ({
    message: "channels.whatsapp.proxy is no address of a proxy.",
    hint: "Write http://HOST:PORT or socks5://HOST:PORT, with NAME:PASSWORD@ before HOST where it asks for them.",
  }),
  notReached: ({ reason }: { reason: string }) => ({
    message: `WhatsApp cannot be reached: ${reason}.`,
    hint: "It is tried again. From this machine web.whatsapp.com must be reachable on port 443; behind a firewall set channels.whatsapp.proxy.",
  }),
  refused: ({ code }: { code: number }) => ({
    message: `WhatsApp refuses this account (${code}).`,
    hint: "Look into WhatsApp on the telephone: it says whether the account is restricted, and for how long.",
  }),
  noCode: ({ reason }: { reason: string }) => ({
    message: `WhatsApp gives no code for this number now: ${reason}.`,
    hint: "Look whether the number is right, with its country. After several tries wait an hour, or scan the picture:\n  nanoclaw channels login whatsapp",
  }),
  notScanned: () => ({
    message: "Nobody scanned the picture or typed the code, and WhatsApp has closed the door.",
    hint: "Begin again:\n  nanoclaw channels login whatsapp",
  }),
  badPhone: ({ text }: { text: string }) => ({
    message: `${text} is no number of a telephone.`,
    hint: "Write it with its country, as in --phone +4915112345678.",
  }),
  noFile: ({ reason }: { reason: string }) => ({
    message: `The file could not be fetched from WhatsApp: ${reason}.`,
    hint: "Send it again.",
  }),
  fileTooLarge: ({ megabytes }: { megabytes: number }) => ({
    message: `The file is larger than the ${megabytes} MB that are taken.`,
    hint: "Send it in parts, or put it into a folder that the assistant may see.",
  }),
});
