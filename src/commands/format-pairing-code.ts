import type { PairingCode } from "../people/create-pairing-code.ts";

/** The code, and what to do with it: for whoever stands at the terminal. */
export function formatPairingCode({ code }: PairingCode, group?: string): string {
  const whose =
    group === undefined
      ? "Whoever sends it first becomes an owner: show it to nobody."
      : `Whoever sends it first may write in ${group}, and the chat joins it.`;
  return [
    `Pairing code: ${code}`,
    "",
    "Send it to the assistant in a private chat, alone, within 15 minutes.",
    `${whose} In a group's chat it becomes void.`,
    "",
  ].join("\n");
}
