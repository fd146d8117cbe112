import type { LibraryAnswer } from "../wire.ts";

/** What the server lays to an account or to its way of writing; it would say it again. */
const meanings: Readonly<Record<string, string>> = {
  "401": "WhatsApp does not let this account write there (401)",
  "403": "WhatsApp does not let this account write there (403)",
  "404": "there is no such chat any more (404)",
  "463": "WhatsApp does not let this account write to somebody new (463); more tries make it worse",
  "479": "WhatsApp does not take the message as it is addressed (479)",
};

/** The recipient's devices may be others than are known: they can be asked for anew, and then it may be taken. */
export function isOutdated(code: string): boolean {
  return code === "479";
}

/** Of an acknowledgement with an error: the server has seen the message. */
export function readRefusal(code: string): LibraryAnswer {
  if (code === "429") return { type: "slow-down", reason: "WhatsApp asks to write less (429)" };
  // It failed on its way through the server, nobody knows how far it got. With the same id it is the same message.
  if (/^(?:408|5\d\d)$/.test(code)) return { type: "unknown", reason: `WhatsApp failed (${code})` };
  return { type: "refused", reason: meanings[code] ?? `WhatsApp said ${code}` };
}

/** Of a question that comes before the message, for devices, keys or members: nothing has left. */
export function readFailure(error: unknown): LibraryAnswer {
  const reason = error instanceof Error ? error.message : String(error);
  const code = readCode(error);
  if (code === "429" || /rate-overlimit/.test(reason)) return { type: "slow-down", reason };
  if (code !== undefined && /^4\d\d$/.test(code) && code !== "408") return { type: "refused", reason };
  return { type: "not-sent", reason };
}

/** The server's own number stands in its data; what the library gives itself stands elsewhere. */
function readCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("data" in error)) return undefined;
  return typeof error.data === "number" ? String(error.data) : undefined;
}
