import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { whatsappWords } from "../../words/english/whatsapp.ts";

export interface WhatsAppSettings {
  readonly key: Secret;
  readonly socketUrl: string;
  /** Without a slash at its end. */
  readonly mediaUrl: string;
  readonly proxy: string | undefined;
}

export const officialMedia = "https://mmg.whatsapp.net";

/** Throws `AppError("config")`: no telephone is linked, or something in it could never work. */
export function readWhatsAppSettings({ channels: { whatsapp } }: Config): WhatsAppSettings {
  const { token: key, socketUrl, mediaUrl, proxy } = whatsapp;
  if (key === undefined) throw new AppError("config", whatsappWords.notLinked());
  if (!isAddress(socketUrl, /^wss?:$/)) {
    throw new AppError("config", whatsappWords.badAddress({ key: "socketUrl", address: socketUrl }));
  }
  if (!isAddress(mediaUrl, /^https?:$/)) {
    throw new AppError("config", whatsappWords.badAddress({ key: "mediaUrl", address: mediaUrl }));
  }
  if (proxy !== null && proxy !== "" && !/^(?:https?|socks5h?):$/.test(URL.parse(proxy)?.protocol ?? "")) {
    throw new AppError("config", whatsappWords.badProxy());
  }
  return {
    key,
    socketUrl,
    mediaUrl: mediaUrl.replace(/\/+$/, ""),
    proxy: proxy === null || proxy === "" ? undefined : proxy,
  };
}

function isAddress(text: string, protocol: RegExp): boolean {
  const url = URL.parse(text);
  return url !== null && protocol.test(url.protocol) && url.username === "" && url.search === "";
}
