import type { Instruction } from "./context.ts";

/** It says nothing of its bearer. */
const usualName = "Andy";

/** How a group wants to be spoken to, as instructions beside its files. */
export function toInstructions({
  triggerName,
  style,
  greeting,
}: {
  readonly triggerName: string;
  readonly style: string | undefined;
  readonly greeting: string | undefined;
}): readonly Instruction[] {
  return [
    ...(triggerName === usualName
      ? []
      : [{ name: "Name in this group", text: `People address you here as @${triggerName}.` }]),
    ...(isSet(style) ? [{ name: "Style of this group", text: `How you write here: ${style.trim()}` }] : []),
    ...(isSet(greeting)
      ? [
          {
            name: "Greeting of this group",
            text: `When you begin to speak with somebody here, greet with: ${greeting.trim()}`,
          },
        ]
      : []),
  ];
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}
