import { findButtonKey } from "./button-name.ts";
import type { ChannelMemory, IncomingMessage, Receipt } from "./channel.ts";

export interface ButtonPress {
  readonly message: IncomingMessage;
  /** What the button was given. */
  readonly button: string;
}

/** A press on one of our buttons, handed over with the key of its reply; one that we never made counts for nothing. */
export async function receivePress(
  { message, button }: ButtonPress,
  memory: ChannelMemory,
  receive: (message: IncomingMessage) => Promise<Receipt>,
): Promise<Receipt> {
  const reply = await findButtonKey(button, memory);
  const option = message.press?.option ?? Number.NaN;
  if (reply === undefined || !Number.isInteger(option)) {
    return { type: "declined", reason: "this button is none of mine" };
  }
  return await receive({ ...message, press: { reply, option } });
}
