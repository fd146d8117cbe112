import { defineWords } from "../define-words.ts";

/** Groups, and the chats that belong to them. */
export const groupWords = defineWords("group", {
  unknownChat: ({ word, nearest }: { word: string; nearest: string | undefined }) => ({
    message: `There is no chat "${word}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
    hint: "A chat is known once somebody has written there. See which there are:\n  nanoclaw groups chats --all",
  }),
  chatNotClear: ({ word, numbers }: { word: string; numbers: readonly number[] }) => ({
    message: `${numbers.length} chats are called "${word}".`,
    hint: `Say which by its number: ${numbers.join(", ")}. What is what:\n  nanoclaw groups chats --all`,
  }),
  chatTaken: ({ chat, group }: { chat: number; group: string }) => ({
    message: `Chat ${chat} belongs to the group ${group}.`,
    hint: `A chat has one group. Part them first:\n  nanoclaw groups unbind ${chat}`,
  }),
  chatIsFree: ({ chat }: { chat: number }) => ({
    message: `Chat ${chat} belongs to no group.`,
    hint: "Give it one:\n  nanoclaw groups bind GROUP CHAT",
  }),
  mainIsPrivate: ({ chat }: { chat: number }) => ({
    message: `Chat ${chat} cannot be main's: main is only for private chats with the owner.`,
    hint: `Give it a group of its own:\n  nanoclaw groups add NAME\n  nanoclaw groups bind NAME ${chat}`,
  }),
  mainStays: () => ({
    message: "main stays as it is: it is neither renamed nor removed.",
    hint: "Every other group can be.",
  }),
  busy: ({ group, pid }: { group: string; pid: number }) => ({
    message: `The assistant is at work in ${group} (process ${pid}).`,
    hint: "Try again when it has answered, or stop it with /stop in its chat.",
  }),
  folderInTheWay: ({ path }: { path: string }) => ({
    message: `There is a folder ${path} already.`,
    hint: "Move it away, or choose another name.",
  }),
  moved: ({ name, current }: { name: string; current: string | undefined }) => ({
    message:
      current === undefined
        ? `The group ${name} was removed.`
        : `The group ${name} is called ${current} now.`,
    hint:
      current === undefined
        ? "See which there are:\n  nanoclaw groups list"
        : "Begin again with its new name.",
  }),
  removeNeedsYes: ({ group }: { group: string }) => ({
    message: `Nobody is there to be asked whether ${group} is to be removed.`,
    hint: `If you are sure:\n  nanoclaw groups remove ${group} --yes`,
  }),
  unknownTemplate: ({
    name,
    folder,
    nearest,
  }: {
    name: string;
    folder: string;
    nearest: string | undefined;
  }) => ({
    message: `There is no template "${name}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    hint: `A template is a folder of ${folder}; copy the one called group and change its files.`,
  }),
  unknownSetting: ({
    name,
    nearest,
    known,
  }: {
    name: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `A group has no setting "${name}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    hint: `Known: ${known.join(", ")}. For example:\n  nanoclaw groups set family trigger=@Bob`,
  }),
  nothingToSet: ({ known }: { known: readonly string[] }) => ({
    message: "It is not said what is to be set.",
    hint: `Known: ${known.join(", ")}. For example:\n  nanoclaw groups set family trigger=@Bob`,
  }),
  badTrigger: ({ name }: { name: string }) => ({
    message: `"${name}" cannot be a name to be called by.`,
    hint: "A name has a letter or a digit, no space, and at most 40 characters, such as @Andy, @José or @C++.",
  }),
  unknownMode: ({
    mode,
    nearest,
    known,
  }: {
    mode: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `There is no mode "${mode}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    hint: `Known: ${known.join(", ")}.`,
  }),
  settingTooLong: ({ name, most }: { name: string; most: number }) => ({
    message: `The ${name} is longer than ${most} characters.`,
    hint: "Longer instructions belong into the group's AGENTS.md.",
  }),
});
