import { AppError } from "../../errors.ts";
import { whatsappWords } from "../../words/english/whatsapp.ts";
import type { ChannelLinking, LinkedAccount, LinkPlace, LinkSign } from "../linking.ts";
import baileysLock from "./baileys.lock" with { type: "text" };
import { toSenderId } from "./address.ts";
import { readWhatsAppSettings } from "./config.ts";
import { openLibraryProcess, type OpenLibrary } from "./link.ts";
import { Session } from "./session.ts";
import { unlinkedKey } from "./unlinked-key.ts";
import { codeRefused, notLoaded } from "./wire.ts";

export const whatsappLinking: ChannelLinking = {
  secretName: "WHATSAPP_SESSION_KEY",
  warning: `This is experimental. WhatsApp permits no programs on a personal account: it may restrict or ban the number, most of all a new one that writes to strangers. Use a number that you can do without, or the WhatsApp Business Platform.

`,
  steps: {
    picture: `On the telephone: WhatsApp, Settings, Linked devices, Link a device. Then scan this:

`,
    code: `On the telephone: WhatsApp, Settings, Linked devices, Link a device, Link with phone number instead. Then type this:

`,
  },
  plugin: {
    name: "baileys",
    version: "7.0.0-rc14",
    lock: baileysLock,
    licences:
      "MIT; a part of it, libsignal, is GPL-3.0: what contains it may be used by you as you like, and passed on under the GPL only",
  },
  link: (place, show, signal) => linkTelephone(place, show, signal),
};

/** The link is kept when it stands, all at once; until then nothing is. */
export async function linkTelephone(
  { config, memory, program, key, phone }: LinkPlace,
  show: (sign: LinkSign) => Promise<void>,
  signal: AbortSignal,
  openLibrary: OpenLibrary = openLibraryProcess,
): Promise<LinkedAccount> {
  const digits = phone === undefined ? undefined : toDigits(phone);
  const whatsapp = { ...config.channels.whatsapp, token: key };
  const { socketUrl, proxy } = readWhatsAppSettings({
    ...config,
    channels: { ...config.channels, whatsapp },
  });
  const state: Record<string, string> = {};
  await using library = openLibrary(program);
  const stop = (): void => void library[Symbol.asyncDispose]();
  signal.addEventListener("abort", stop, { once: true });
  library.order({
    type: "begin",
    plugins: program.plugins,
    url: socketUrl,
    state,
    ...(proxy === undefined ? {} : { proxy }),
    ...(digits === undefined ? {} : { phone: digits }),
  });
  try {
    for await (const report of library.reports) {
      signal.throwIfAborted();
      switch (report.type) {
        case "picture":
          await show({ type: "picture", text: report.text });
          break;
        case "code":
          await show({ type: "code", code: report.code });
          break;
        case "batch":
          for (const [name, value] of Object.entries(report.state)) {
            if (value === null) delete state[name];
            else state[name] = value;
          }
          library.order({ type: "committed", batch: report.batch });
          break;
        case "open":
          await new Session(memory, key).change(state);
          await memory.change(new Map([[unlinkedKey, undefined]]));
          return toAccount(report.me.phone);
        case "closed":
          throw toFailure(report.code, report.reason);
        case "ready":
        case "answer":
          break;
        default:
          report satisfies never;
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  signal.throwIfAborted();
  throw toFailure(0, "the part that speaks it has ended");
}

/** The server closes the door when nobody came for some minutes. */
const nobodyCame = 408;

function toFailure(code: number, reason: string): AppError {
  if (code === notLoaded) return new AppError("config", whatsappWords.noLibrary({ reason }));
  if (code === codeRefused) return new AppError("denied", whatsappWords.noCode({ reason }));
  if (code === nobodyCame) return new AppError("timeout", whatsappWords.notScanned());
  if (code === 401 || code === 403) return new AppError("denied", whatsappWords.refused({ code }));
  return new AppError("network", whatsappWords.notReached({ reason }));
}

function toDigits(phone: string): string {
  const digits = phone.replace(/[\s()+./-]/g, "");
  if (!/^[1-9]\d{6,14}$/.test(digits)) throw new AppError("usage", whatsappWords.badPhone({ text: phone }));
  return digits;
}

function toAccount(phone: string): LinkedAccount {
  return {
    address: `+${toSenderId(phone)}`,
    says: `Write to yourself there ("Message yourself"): that is the assistant's main chat, and yours alone. What you write to others stays between you and them. To be its owner from another number as well: nanoclaw people pair --owner`,
  };
}
