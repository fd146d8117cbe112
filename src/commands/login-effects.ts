import { checkKey } from "../providers/check-key.ts";
import { findProxy, type Proxy } from "../providers/proxy.ts";
import { toTarget } from "../providers/registry.ts";
import type { CommandIo } from "./command-io.ts";
import { findOwnServers } from "./model.ts";
import { openBrowser } from "../login/browser.ts";
import type { KeyCheck, LoginEffects } from "../login/effects.ts";
import { openKeyboard } from "../login/keyboard.ts";
import type { ResolvedModel } from "../providers/resolve.ts";

/** Signing in on this machine: the network, the desktop, the keyboard. */
export function createLoginEffects(io: CommandIo): LoginEffects {
  return {
    findLocalServers: findOwnServers,
    checkKey: (model, signal) => checkResolvedKey(model, findProxy(io.env, model.apiBase), signal),
    openBrowser: (url) => openBrowser(url, io.env),
    openKeyboard,
  };
}

async function checkResolvedKey(
  model: ResolvedModel,
  proxy: Proxy | undefined,
  signal: AbortSignal,
): Promise<KeyCheck> {
  const { name, wire, apiBase, apiKey, extraHeaders } = model;
  if (wire === "demo" || wire === "scripted") return { outcome: "accepted" };
  const target = toTarget(name, {
    wire,
    apiBase,
    extraHeaders,
    proxy,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
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
