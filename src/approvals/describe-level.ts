import { levels, type When } from "../authority/authorize.ts";
import type { Level } from "../store/group-level.ts";

/** A level in a sentence, made of its row in the table. */
export function describeLevel(level: Level): string {
  const { change, send, govern, instruct, last, later } = levels[level];
  return [
    `${words[change]} before it changes its own files or runs a command`,
    `${words[send]} before it sends to a listed host`,
    `${words[govern]} before it changes rights or another group`,
    `${words[instruct]} before it changes what it is told always`,
    `${words[later]} before a task may do alone what it would ask for`,
    `${words[last]} before it does what cannot be undone.`,
  ].join("; ");
}

const words: Readonly<Record<When, string>> = {
  always: "asks",
  untrusted: "asks, once strangers' words were seen,",
  leaking: "asks, once strangers' words and private data were seen,",
  never: "never asks",
};
