import { defineWords } from "../define-words.ts";

/** What waits for the owner's yes, and the rules that he sets. */
export const approvalWords = defineWords("approval", {
  unknown: ({ id }: { id: string }) => ({
    message: `There is no request ${id} that waited for your yes.`,
    hint: "See what waits:\n  nanoclaw approvals list",
  }),
  over: ({ id, state }: { id: number; state: string }) => ({
    message: `Request ${id} does not wait any more: it is ${state}.`,
    hint: "An answer counts once, and within the hour. The assistant can ask again.",
  }),
  noAlways: ({ id }: { id: number }) => ({
    message: `Request ${id} cannot be allowed for good.`,
    hint: `No part of it says the same thing every time. Allow it once, or not:\n  nanoclaw approvals allow ${id}`,
  }),
  unknownLevel: ({ name, known }: { name: string; known: readonly string[] }) => ({
    message: `There is no level "${name}".`,
    hint: `Known: ${known.join(", ")}. What they mean:\n  nanoclaw policy show`,
  }),
  unknownAction: ({
    name,
    nearest,
    known,
  }: {
    name: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `There is no action "${name}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    hint: `Known: ${known.join(", ")}.`,
  }),
  unknownActor: ({ name, known }: { name: string; known: readonly string[] }) => ({
    message: `Nobody acts as "${name}".`,
    hint: `Known: ${known.join(", ")}.`,
  }),
  noPermission: ({ id, group }: { id: string; group: string }) => ({
    message: `The group ${group} has no permission ${id}.`,
    hint: `See which it has:\n  nanoclaw policy show ${group}`,
  }),
});
