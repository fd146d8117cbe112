import { toFields } from "./fields.ts";

/** An event, by its number in the session. */
export interface Dispatch {
  readonly seq: number;
  /** `MESSAGE_CREATE`. */
  readonly name: string;
  readonly data: unknown;
}

/** What the gateway says. */
export type Frame =
  | { readonly type: "event"; readonly event: Dispatch }
  | { readonly type: "hello"; readonly intervalMs: number }
  | { readonly type: "acknowledged" }
  /** To be told at once that we are there. */
  | { readonly type: "asked" }
  | { readonly type: "reconnect" }
  | { readonly type: "invalid"; readonly canResume: boolean };

/** Undefined for what is none that we know. */
export function parseFrame(text: string): Frame | undefined {
  const { op, d, s, t } = toFields(parse(text));
  switch (op) {
    case 0:
      if (typeof t !== "string" || typeof s !== "number" || !Number.isSafeInteger(s)) return undefined;
      return { type: "event", event: { seq: s, name: t, data: d } };
    case 1:
      return { type: "asked" };
    case 7:
      return { type: "reconnect" };
    case 9:
      return { type: "invalid", canResume: d === true };
    case 10: {
      const { heartbeat_interval: interval } = toFields(d);
      return typeof interval === "number" && interval > 0
        ? { type: "hello", intervalMs: interval }
        : undefined;
    }
    case 11:
      return { type: "acknowledged" };
    default:
      return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
