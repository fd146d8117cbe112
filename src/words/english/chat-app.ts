import type { Sentence } from "../define-words.ts";

export interface AppSentences {
  readonly badProxy: () => Sentence;
  readonly notReached: (facts: { readonly reason: string }) => Sentence;
  readonly noFile: (facts: { readonly reason: string }) => Sentence;
}

/** What every app may meet that is reached by an API of its own. `part`: of the configuration. */
export function toAppSentences(app: string, part: string): AppSentences {
  return {
    badProxy: () => ({
      message: `channels.${part}.proxy is no address of a proxy.`,
      hint: "Write http://HOST:PORT or socks5://HOST:PORT, with NAME:PASSWORD@ before HOST where it asks for them.",
    }),
    notReached: ({ reason }) => ({
      message: `${app} cannot be reached: ${reason}.`,
      hint: `It is tried again. Behind a firewall set channels.${part}.proxy.`,
    }),
    noFile: ({ reason }) => ({
      message: `The file could not be fetched from ${app}: ${reason}.`,
      hint: "Send it again.",
    }),
  };
}
