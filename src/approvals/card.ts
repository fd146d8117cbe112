import type { Phrases } from "../words/english/phrases.ts";
import { listAnswers } from "./answers.ts";
import type { ApprovalFacts } from "./approval-facts.ts";
import type { ShownGrant } from "./frozen-grants.ts";
import { hashBytes } from "./hash-request.ts";
import { showHidden } from "./show-hidden.ts";

export interface CardOptions {
  readonly phrases: Phrases["approval"];
  /** Of what the model wrote, so many characters are shown; `above`: all of it was, before the card. */
  readonly most: number | "above";
  /** How text that is not ours is set apart: a fence for a chat that reads Markdown, bars for a terminal. */
  readonly frame: "fence" | "bar";
}

export interface CardText {
  readonly text: string;
  /** Nothing of what would happen was left out: only then one press may answer it. */
  readonly isWhole: boolean;
}

const mostWords = 600;
/** A change of instructions is a few lines. */
const mostDiff = 2_000;

/** What the owner is asked, made of what would really run. Nothing the model wrote stands outside of a frame. */
export function formatCard(approval: ApprovalFacts, options: CardOptions): CardText {
  const { id, kind, group, reason, objectGroup, outgoing, grants, words, title, tool } = approval;
  const { phrases, most, frame } = options;
  const lines: string[] = [phrases.title({ id, group })];
  let isWhole = true;
  switch (kind) {
    case "host":
      lines.push(phrases.host({ host: showHidden(title), group }));
      break;
    case "connection":
      lines.push(phrases.connection({ place: showHidden(title) }));
      break;
    case "call": {
      lines.push(phrases.call({ tool: showHidden(tool) }));
      if (most === "above") {
        lines.push(phrases.above);
      } else {
        const shown = clip(showArguments(approval.arguments), most, approval, phrases);
        isWhole = shown.isWhole;
        lines.push(setApart(shown.text, frame));
        if (shown.note !== undefined) lines.push(shown.note);
      }
      if (approval.diff !== undefined) {
        const shown = showHidden(approval.diff);
        lines.push(phrases.diff, setApart(shown.slice(0, mostDiff).toWellFormed(), frame));
        if (shown.length > mostDiff) isWhole = false;
      }
      if (objectGroup !== group) lines.push(phrases.otherGroup({ group: showHidden(objectGroup) }));
      if (outgoing !== undefined) {
        lines.push(phrases.outgoing(outgoing));
      }
      if (grants !== undefined) {
        lines.push(phrases.grants, ...grants.map((grant) => `- ${toGrantLine(grant, phrases)}`));
      }
      break;
    }
    default:
      kind satisfies never;
  }
  lines.push(phrases.why({ reason }), phrases.asker({ who: toWho(approval) }));
  if (approval.bound !== undefined && kind !== "host") {
    lines.push(phrases.always({ bound: showHidden(approval.bound) }));
  }
  lines.push(phrases.until({ time: approval.expiresAt.toISOString().slice(11, 16) }));
  if (words.trim() !== "") {
    const shown = showHidden(words.trim());
    lines.push(phrases.words, setApart(shown.slice(0, mostWords).toWellFormed(), frame));
    const characters = shown.length - mostWords;
    if (characters > 0) lines.push(phrases.wordsCut({ characters }));
  }
  return { text: lines.join("\n"), isWhole };
}

/** All that a call would do, in messages of at most `room` characters; each sets apart what is not ours. */
export function toPieces({ id, arguments: json }: ApprovalFacts, room: number): readonly string[] {
  const pieces: string[] = [];
  for (let rest = showArguments(json); rest !== "";) {
    const piece = cutWhole(rest, Math.max(100, room - 200));
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces.map((piece, index) => `#${id} · ${index + 1}/${pieces.length}\n${setApart(piece, "fence")}`);
}

/** In the words of the language, in the order of `listAnswers`. */
export function toButtons(
  approval: Pick<ApprovalFacts, "kind" | "bound">,
  { buttons }: Phrases["approval"],
): readonly string[] {
  return listAnswers(approval).map((answer) =>
    approval.kind === "host" && answer === "always" ? buttons.host : buttons[answer],
  );
}

/** One argument after the other; a text stands as it is, all else as JSON. */
function showArguments(json: string): string {
  const input: unknown = JSON.parse(json);
  if (typeof input !== "object" || input === null) return showHidden(json);
  return Object.entries(input)
    .map(([name, value]) => {
      const text = showHidden(typeof value === "string" ? value : JSON.stringify(value));
      return `${showHidden(name)}:${text.includes("\n") ? `\n${text.replace(/^/gm, "  ")}` : ` ${text}`}`;
    })
    .join("\n");
}

function toGrantLine({ kind, shown }: ShownGrant, { grant }: Phrases["approval"]): string {
  return grant[kind]({ shown: showHidden(shown) });
}

function clip(
  text: string,
  most: number,
  { id, arguments: all }: ApprovalFacts,
  phrases: Phrases["approval"],
): { readonly text: string; readonly note?: string; readonly isWhole: boolean } {
  if (text.length <= most) return { text, isWhole: true };
  const characters = text.length - most;
  return {
    text: text.slice(0, most).toWellFormed(),
    note: phrases.clipped({ characters, hash: hashBytes(all), id }),
    isWhole: false,
  };
}

/** A fence longer than any inside, or a bar before each line: what stands in it cannot end it. */
function setApart(text: string, frame: "fence" | "bar"): string {
  if (frame === "bar") return text.replace(/^/gm, "  │ ");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function toWho({ actor }: ApprovalFacts): string {
  const known: unknown = JSON.parse(actor);
  const field = (name: string): string =>
    typeof known === "object" && known !== null
      ? String(Object.getOwnPropertyDescriptor(known, name)?.value ?? "?")
      : "?";
  return showHidden(`${field("kind")} (${field("via")} ${field("id")})`);
}

/** Not between the two halves of a character. */
function cutWhole(text: string, length: number): string {
  const splitsPair = /[\ud800-\udbff]$/.test(text.slice(0, length));
  return text.slice(0, splitsPair && length < text.length ? length - 1 : length);
}
