import { defineWords } from "../define-words.ts";

/** Setting channels up and looking after them. */
export const channelWords = defineWords("channel", {
  unknown: ({
    name,
    nearest,
    known,
  }: {
    name: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `There is no channel "${name}"${nearest === undefined ? "" : `; did you mean "${nearest}"?`}`,
    hint: `Known: ${known.join(", ")}.`,
  }),
  nothingToSetUp: ({ name }: { name: string }) => ({
    message: `The channel ${name} needs no setting up.`,
    hint: `Switch it off or on:\n  nanoclaw config set channels.${name}.enabled false`,
  }),
  notSetUp: ({ name }: { name: string }) => ({
    message: `The channel ${name} is not set up.`,
    hint: `Set it up:\n  nanoclaw channels add ${name}`,
  }),
  noToken: ({ name }: { name: string }) => ({
    message: "Nobody sits here to type the token, and none was piped in.",
    hint: `Pipe it in:\n  pass show bot | nanoclaw channels add ${name} --token-stdin`,
  }),
  knowsNobody: ({ name }: { name: string }) => ({
    message: `${name} has no code: nobody is proven to be the owner there.`,
    hint: "Become the owner in a chat app that knows who writes:\n  nanoclaw channels add telegram",
  }),
});
