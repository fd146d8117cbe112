import type { Email } from "postal-mime";

/**
 * Why a mail is none of a person's: an answer to it would answer a machine, a list or a bounce, and go round for ever.
 * Undefined: it shows no sign of that (RFC 3834, RFC 2369 and what programs write).
 */
export function findAutomaticSign({ headers }: Pick<Email, "headers">, from: string): string | undefined {
  for (const { key, value } of headers) {
    if (signs[key]?.(value.trim().toLowerCase()) === true) return `it has the header ${key}`;
    if (key.startsWith("list-")) return "it came over a list";
  }
  const name = from.slice(0, from.lastIndexOf("@"));
  return machine.test(name) ? `${name} is a machine` : undefined;
}

const signs: Readonly<Record<string, (value: string) => boolean>> = {
  "auto-submitted": (value) => value !== "no",
  precedence: (value) => /^(?:bulk|list|junk|auto_reply)/.test(value),
  "return-path": (value) => value === "<>",
  "x-autoreply": (value) => value !== "no",
  "x-autorespond": () => true,
  "x-auto-response-suppress": (value) => /all|autoreply/.test(value),
  "x-failed-recipients": () => true,
  "feedback-id": () => true,
  "x-loop": () => true,
  "content-type": (value) => value.startsWith("multipart/report"),
};

const machine =
  /^(?:mailer-daemon|postmaster|no-?_?\.?reply|do-?not-?reply|bounces?|.*-bounces?)(?:[+-].*)?$/;
