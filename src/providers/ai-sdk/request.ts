import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { ImagePart } from "../../image.ts";
import { openProof } from "../proof.ts";
import type { AssistantMessage, Message, ProviderRequest, ToolResultMessage } from "../provider.ts";
import { type Thinking, toEffort, withRoomToThink } from "../thinking.ts";
import { toArgumentsObject } from "../tool-calls.ts";

/** What the packages need to know of us; `version` is that of their specification. */
export interface Maker {
  readonly provider: string;
  readonly version: string;
}

/** The request in the words of the AI SDK, marked for those whose cache holds only what was marked. */
export function toCallOptions(
  request: ProviderRequest,
  maker: Maker,
): Omit<LanguageModelV4CallOptions, "abortSignal"> {
  const { system, tools, maxTokens, temperature, thinking } = request;
  const messages = toPrompt(request.messages, maker);
  markEnds(messages);
  const prompt: LanguageModelV4Message[] =
    system === "" ? messages : [{ role: "system", content: system, providerOptions: cacheMark }, ...messages];
  return {
    prompt,
    maxOutputTokens: withRoomToThink(maxTokens, thinking),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, input }) => ({
            type: "function" as const,
            name,
            description,
            inputSchema: { ...input },
          })),
        }),
    ...(request.toolChoice === "none" && tools.length > 0 ? { toolChoice: { type: "none" as const } } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(thinking === undefined ? {} : { reasoning: toReasoning(thinking) }),
  };
}

function toReasoning(thinking: Thinking): "none" | "low" | "medium" | "high" {
  return thinking === "off" ? "none" : toEffort(thinking);
}

/** The results of the calls of one answer are one message. */
function toPrompt(messages: readonly Message[], maker: Maker): LanguageModelV4Message[] {
  const prompt: LanguageModelV4Message[] = [];
  for (const message of messages) {
    switch (message.role) {
      case "user":
        prompt.push({
          role: "user",
          content: message.content.map((part) =>
            part.type === "text" ? { type: "text", text: part.text } : toFile(part, maker),
          ),
        });
        break;
      case "assistant": {
        const content = message.content.flatMap((part) => toAnswerPart(part, maker));
        if (content.length > 0) prompt.push({ role: "assistant", content });
        break;
      }
      case "tool": {
        const result = {
          type: "tool-result" as const,
          toolCallId: message.callId,
          toolName: message.name,
          output: toOutput(message, maker),
        };
        const last = prompt.at(-1);
        if (last?.role === "tool") last.content.push(result);
        else prompt.push({ role: "tool", content: [result] });
        break;
      }
      default:
        message satisfies never;
    }
  }
  return prompt;
}

type AnswerPart = Extract<LanguageModelV4Message, { role: "assistant" }>["content"][number];

/** What a model thought goes back only to the provider whose model it was. */
function toAnswerPart(part: AssistantMessage["content"][number], { provider }: Maker): AnswerPart[] {
  switch (part.type) {
    case "text":
      return part.text.trim() === "" ? [] : [{ type: "text", text: part.text }];
    case "thinking": {
      const proof = openProof(provider, part.signature);
      if (proof?.kind !== "metadata") return [];
      return [{ type: "reasoning", text: part.text, ...toOptions(proof.value) }];
    }
    case "tool-call": {
      const proof = openProof(provider, part.signature);
      const input = toArgumentsObject(part.arguments);
      const options = proof?.kind === "metadata" ? toOptions(proof.value) : {};
      return [{ type: "tool-call", toolCallId: part.id, toolName: part.name, input, ...options }];
    }
    default:
      return part satisfies never;
  }
}

function toOptions(sealed: string): { providerOptions?: SharedV4ProviderMetadata } {
  const metadata: unknown = JSON.parse(sealed);
  return isMetadata(metadata) ? { providerOptions: metadata } : {};
}

/** Sealed by us: it is what the package gave, or nothing. */
function isMetadata(value: unknown): value is SharedV4ProviderMetadata {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** Up to the third version of the specification the data stood by itself. */
function toFile({ mediaType, data }: ImagePart, { version }: Maker): LanguageModelV4FilePart {
  const file = { type: "file" as const, mediaType, data: { type: "data" as const, data } };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the older form, for a package that was checked to be older
  return isOld(version) ? ({ ...file, data } as unknown as LanguageModelV4FilePart) : file;
}

function toOutput(
  { content, images = [], isError }: ToolResultMessage,
  maker: Maker,
): LanguageModelV4ToolResultOutput {
  if (isError) return { type: "error-text", value: content };
  if (images.length === 0) return { type: "text", value: content };
  const type = maker.version === "v2" ? "media" : "image-data";
  const parts = images.map((image) =>
    isOld(maker.version) ? { type, mediaType: image.mediaType, data: image.data } : toFile(image, maker),
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return {
    type: "content",
    value: [{ type: "text", text: content }, ...parts],
  } as LanguageModelV4ToolResultOutput;
}

function isOld(version: string): boolean {
  return version === "v2" || version === "v3";
}

/** Anthropic's packages read it; others pass it by. */
const cacheMark: SharedV4ProviderMetadata = { anthropic: { cacheControl: { type: "ephemeral" } } };

/** The last message and the one before it that is not the model's: where the request before this one ended. */
function markEnds(messages: LanguageModelV4Message[]): void {
  const ends = messages.flatMap(({ role }, index) => (role === "assistant" ? [] : [index])).slice(-2);
  for (const index of ends) {
    const message = messages[index];
    if (message !== undefined) message.providerOptions = cacheMark;
  }
}
