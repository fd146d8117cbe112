import type * as Baileys from "baileys";
import { AppError } from "../../../errors.ts";
import { loadPlugin } from "../../../plugins/load-plugin.ts";
import { whatsappWords } from "../../../words/english/whatsapp.ts";

export type Library = typeof Baileys;
export type Socket = ReturnType<Library["makeWASocket"]>;

/** What of it is used: a plugin of that name without it is another one. */
const needed = [
  "makeWASocket",
  "initAuthCreds",
  "proto",
  "BufferJSON",
  "decodeMessageNode",
  "addTransactionCapability",
];

/** The library that speaks WhatsApp's protocol: the very file that the owner added. Throws `AppError("config")`. */
export async function loadLibrary(plugins: string): Promise<Library> {
  const module = await loadPlugin(plugins, "baileys");
  if (!isLibrary(module)) throw new AppError("config", whatsappWords.otherLibrary());
  return module;
}

function isLibrary(module: object): module is Library {
  return needed.every((name) => name in module);
}
