import type { FencedPiece } from "../fence.ts";
import type { MessageBody, StoredFile } from "../store/message-body.ts";

const longestQuote = 2000;
const longestNote = 4000;

/** What a message holds beside its words, each part by itself and marked as what it is. */
export function describeExtras(body: MessageBody): readonly FencedPiece[] {
  const { quote, note, files = [], editOf, reactionTo } = body;
  return [
    ...(editOf === undefined ? [] : [toEvent(`changes the words of message ${editOf}`)]),
    ...(reactionTo === undefined ? [] : [toEvent(`a sign under message ${reactionTo}`)]),
    ...(quote === undefined
      ? []
      : [toPiece("quote", { answers: quote.message, from: quote.from }, cut(quote.text, longestQuote))]),
    ...(note === undefined ? [] : [toPiece("note", {}, cut(note, longestNote))]),
    ...files.map(describeFile),
  ];
}

function describeFile({ kind, name, path, problem, heard, deaf }: StoredFile): FencedPiece {
  if (path === undefined) return toPiece("file", { kind, name }, problem ?? "It was not fetched.");
  const said = heard === undefined ? deaf : `What was said in it: ${heard}`;
  return toPiece("file", { kind }, said === undefined ? path : `${path}\n${said}`);
}

function toEvent(text: string): FencedPiece {
  return toPiece("event", {}, text);
}

function toPiece(
  name: FencedPiece["name"],
  attributes: NonNullable<FencedPiece["attributes"]>,
  text: string,
): FencedPiece {
  return { name, attributes, text };
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}
