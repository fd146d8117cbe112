import { toMarkedBlock } from "../agent/material.ts";
import prompt from "../agent/prompts/overheard.md" with { type: "text" };
import { AppError } from "../errors.ts";
import { toText, type Provider } from "../providers/provider.ts";
import { promptWords } from "../words/english/prompt.ts";
import type { SummedUp } from "./gather.ts";

export interface SummingModel {
  readonly provider: Provider;
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature?: number;
}

const mostTokens = 800;

/** One call, without tools and without anything of the conversation. Throws `AppError` when no summary comes of it. */
export async function sumUpOverheard(
  text: string,
  { provider, model, maxTokens, temperature }: SummingModel,
  signal: AbortSignal,
): Promise<SummedUp> {
  const request = {
    model,
    system: prompt.trim(),
    messages: [
      {
        role: "user",
        content: [{ type: "text", text: toMarkedBlock({ name: "messages of the chat", text }) }],
      },
    ],
    tools: [],
    maxTokens: Math.min(maxTokens, mostTokens),
    ...(temperature === undefined ? {} : { temperature }),
  } as const;
  for await (const event of provider.stream(request, signal)) {
    if (event.type === "aborted") throw new AppError("cancelled", "The summary was cancelled.");
    if (event.type === "error") throw new AppError("provider-failed", event.error.message);
    if (event.type !== "stop") continue;
    const summary = toText(event.message).trim();
    const isWhole = event.reason === "end" || event.reason === "length";
    if (!isWhole || summary === "") break;
    const { usage } = event;
    return { text: summary, usage, provider: provider.name, model };
  }
  throw new AppError("provider-failed", promptWords.summaryIncomplete({ reason: "empty" }));
}
