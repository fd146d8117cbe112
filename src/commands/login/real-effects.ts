import { checkKey } from "../../providers/check-key.ts";
import { toTarget } from "../../providers/registry.ts";
import type { CommandIo } from "../command-io.ts";
import { findOwnServers } from "../model.ts";
import { openBrowser } from "./browser.ts";
import type { KeyCheck, LoginEffects } from "./effects.ts";
import { openKeyboard } from "./keyboard.ts";
import type { ResolvedModel } from "../../providers/resolve.ts";

/** Signing in on this machine: the network, the desktop, the keyboard. */
export function createLoginEffects(io: CommandIo): LoginEffects {
  return {
    findLocalServers: findOwnServers,
    checkKey: checkResolvedKey,
    openBrowser: (url) => openBrowser(url, io.env),
    openKeyboard,
  };
}

async function checkResolvedKey(model: ResolvedModel, signal: AbortSignal): Promise<KeyCheck> {
  const { name, wire, apiBase, apiKey, extraHeaders } = model;
  if (wire === "demo" || wire === "scripted") return { outcome: "accepted" };
  const target = toTarget(name, { wire, apiBase, extraHeaders, ...(apiKey === undefined ? {} : { apiKey }) });
  if (target === undefined) return { outcome: "unknown", message: `${name} has no address.` };
  const check = await checkKey(target, signal);
  switch (check.type) {
    case "ok":
      return { outcome: "accepted" };
    case "refused":
      return { outcome: "refused", message: check.error.message };
    case "unreachable":
      return { outcome: "unknown", message: check.error.message };
    default:
      return check satisfies never;
  }
}
