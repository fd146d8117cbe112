import { fence } from "../fence.ts";
import type { Message } from "../providers/provider.ts";

/**
 * As the model is sent them: a result with a boundary stands in its fence. It is stored without, for the people who read
 * it; the boundary is stored beside it, so that the same bytes go out each time.
 */
export function fenceResults(messages: readonly Message[]): readonly Message[] {
  return messages.map((message) => {
    if (message.role !== "tool" || message.boundary === undefined) return message;
    const { boundary, ...result } = message;
    return { ...result, content: fence({ name: "output", text: result.content }, boundary) };
  });
}
