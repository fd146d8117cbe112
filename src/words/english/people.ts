import { defineWords } from "../define-words.ts";

/** Who may write, and how somebody becomes known. */
export const peopleWords = defineWords("people", {
  unknownPerson: ({ word }: { word: string }) => ({
    message: `There is nobody "${word}" here.`,
    hint: "Name a person by the number, or as CHANNEL:ID; whoever has written once is listed:\n  nanoclaw people list",
  }),
  severalPeople: ({ word, known }: { word: string; known: readonly string[] }) => ({
    message: `"${word}" is somebody on several accounts: ${known.join(", ")}.`,
    hint: `Say the number:\n  nanoclaw people show ${known[0] ?? "NUMBER"}`,
  }),
  lastOwner: ({ number, name }: { number: number; name: string }) => ({
    message: `${name} is the last owner who is known in a chat: after that only this terminal is yours.`,
    hint: `If that is what you want:\n  nanoclaw people remove ${number} --yes`,
  }),
  ownerAlready: ({ name }: { name: string }) => ({
    message: `${name} is an owner, and may write in every group.`,
    hint: "Nothing is to be allowed. nanoclaw people remove takes that right away.",
  }),
  tokenOwner: () => ({
    message: "That is whoever holds the gateway's token, not a person who could be put out.",
    hint: "To shut others out, give it another one and start the gateway again:\n  nanoclaw config set gateway.token NEW_TOKEN",
  }),
  mainIsYours: () => ({
    message: "The group main is the owner's alone: nobody becomes a member of it.",
    hint: "For another owner:\n  nanoclaw people pair\nFor a group of others:\n  nanoclaw groups add NAME",
  }),
  noPrivateChat: ({ number, name }: { number: number; name: string }) => ({
    message: `${name} has not written in private, so there is no chat for a group of their own.`,
    hint: `Say into which group to let them:\n  nanoclaw people allow ${number} --group NAME`,
  }),
  memberNeedsGroup: () => ({
    message: "It is not said in which group whoever sends the code may write.",
    hint: "Name it:\n  nanoclaw people pair --for member --group NAME",
  }),
  ownerNeedsNoGroup: ({ group }: { group: string }) => ({
    message: `An owner may write in every group: the code cannot be for ${group} alone.`,
    hint: `For a member of it:\n  nanoclaw people pair --for member --group ${group}`,
  }),
  unknownRole: ({ text }: { text: string }) => ({
    message: `--for does not know "${text}".`,
    hint: "It takes owner or member.",
  }),
});
