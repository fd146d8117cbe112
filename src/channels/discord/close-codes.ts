import type { SocketEnd } from "../../egress/text-socket.ts";
import { AppError } from "../../errors.ts";
import { discordWords } from "../../words/english/discord.ts";

/** How a connection ended: the next one goes on with the session, or begins a new one. */
export interface ConnectionEnd {
  readonly type: "resume" | "anew";
}

/** Why the gateway hung up, and what is to be done about it. */
export function toEnd({ code }: SocketEnd): { readonly end: ConnectionEnd } | { readonly error: AppError } {
  switch (code) {
    case 4003:
    case 4007:
    case 4009:
      return { end: { type: "anew" } };
    case 4004:
      return { error: new AppError("config", discordWords.tokenRefused({ reason: "Unauthorized" })) };
    case 4010:
    case 4011:
      return { error: new AppError("config", discordWords.tooManyServers()) };
    case 4012:
    case 4013:
      return { error: new AppError("config", discordWords.badIntents()) };
    case 4014:
      return { error: new AppError("config", discordWords.intentsRefused()) };
    default: {
      const reason = code === 1006 ? "the connection was cut" : `it hung up (${code})`;
      return { error: new AppError("network", discordWords.notReached({ reason })) };
    }
  }
}
