import * as v from "valibot";
import type { Secret } from "../secret.ts";
import { channels } from "./channels-schema.ts";
import {
  flag,
  fraction,
  maybeFlag,
  maybeFraction,
  maybeText,
  maybeThinking,
  maybeWhole,
  oneOf,
  secret,
  secretMap,
  section,
  text,
  texts,
  whole,
} from "./fields.ts";

/** The providers that have a name of their own; any other name under `providers` is a custom one. */
export const providerNames = [
  "anthropic",
  "openai",
  "openrouter",
  "deepseek",
  "groq",
  "zhipu",
  "dashscope",
  "vllm",
  "gemini",
  "moonshot",
  "minimax",
  "aihubmix",
  "ollama",
  "lmstudio",
] as const;

const day = 86_400;

/**
 * The parts of the file. Each is a function because building all of it costs more than the rest of a start:
 * only the parts that a file has are built. Defaults stand here and, as plain data, in `defaults.ts`.
 */
export const sections = {
  agents: () =>
    section({
      defaults: section({
        workspace: text("~/.nanoclaw/workspace"),
        model: maybeText(),
        provider: text("auto"),
        maxTokens: whole(8192, 1, 10_000_000),
        temperature: maybeFraction(0, 2),
        thinking: maybeThinking(),
        maxToolIterations: maybeWhole(1, 1000),
        contextWindow: whole(128_000, 1000, 100_000_000),
        compactionThreshold: fraction(0.75, 0.1, 1),
        memoryWindow: whole(50, 2, 10_000),
        /** Nobody has spoken for so long: the conversation is written to a file, and a long one summed up. 0: never. */
        idleHours: whole(12, 0, 8_760),
      }),
    }),
  providers: () => v.optional(v.record(v.string(), provider()), {}),
  localServers: () => section({ discover: flag(true) }),
  login: () => section({ openrouterBase: text("https://openrouter.ai") }),
  limits: () =>
    section({
      steps: whole(40, 1, 1000),
      seconds: whole(1800, 1, day),
      tokens: whole(2_000_000, 1000, 1_000_000_000),
      bytes: whole(4_000_000, 1000, 1_000_000_000),
      personMessagesPerMinute: whole(20, 1, 10_000),
      personMessagesPerDay: whole(400, 1, 1_000_000),
      groupTurnsPerDay: whole(1000, 1, 1_000_000),
      botRounds: whole(3, 0, 1000),
      dollarsPerDay: fraction(50, 0, 1_000_000),
      groupDollarsPerDay: fraction(20, 0, 1_000_000),
      tokensPerDay: whole(100_000_000, 0, 1_000_000_000_000),
      groupTokensPerDay: whole(40_000_000, 0, 1_000_000_000_000),
      mainPercent: whole(30, 0, 100),
      prices: v.optional(v.record(v.string(), price()), {}),
    }),
  sandbox: () =>
    section({
      runtime: oneOf(["auto", "bubblewrap", "docker", "apple-container", "seatbelt", "microvm"], "auto"),
      limits: section({
        memoryMb: whole(2048, 64, 1_048_576),
        processes: whole(512, 16, 100_000),
        cpuPercent: whole(80, 1, 100),
        fileMb: whole(4096, 1, 1_048_576),
        seconds: whole(day, 1, 20 * day),
        outputMb: whole(1024, 1, 1_048_576),
        commands: whole(32, 1, 1000),
        jobs: whole(8, 1, 100),
        freeMb: whole(64, 0, 1_048_576),
      }),
    }),
  gateway: () => section({ host: text("127.0.0.1"), port: whole(18_790, 0, 65_535), token: secret() }),
  /** What is recorded for a while only; 0 keeps it for good. */
  retention: () =>
    section({
      journalDays: whole(90, 0, 36_500),
      messageDays: whole(365, 0, 36_500),
      /** Of conversations that lie as files; what was said stays in the database, where `recall` finds it. */
      conversationDays: whole(0, 0, 36_500),
    }),
  heartbeat: () =>
    section({ intervalS: whole(1800, 1, 31 * day), enabled: flag(true), quietHours: text("") }),
  tools: () =>
    section({
      /** The owner's own mailbox, to be read. */
      mailbox: section({
        imapHost: text(""),
        imapPort: whole(993, 1, 65_535),
        imapUseSsl: flag(true),
        imapUsername: text(""),
        imapPassword: secret(),
        caFile: text(""),
        /** That may search and read it. */
        groups: texts([]),
      }),
      web: section({
        search: section({
          provider: oneOf(["auto", "brave", "tavily", "searxng", "duckduckgo"], "auto"),
          apiKey: secret(),
          baseUrl: maybeText(),
          maxResults: whole(5, 1, 20),
        }),
      }),
      exec: section({ timeout: whole(60, 1, day), restrictToWorkspace: maybeFlag() }),
      restrictToWorkspace: flag(true),
      mcpServers: mcpServers(),
    }),
  /** Words of recordings, by an OpenAI-compatible server; without it by Groq or OpenAI, where a key of theirs is there. */
  transcription: () =>
    section({ apiBase: maybeText(), apiKey: secret(), model: maybeText(), language: maybeText() }),
  daemon: () => section({ envPassthrough: texts([]) }),
  mcpServers,
  channels,
  $schema: () => v.optional(v.string()),
} as const;

/** The whole file as one schema. */
export function createConfigSchema() {
  return v.strictObject({
    agents: sections.agents(),
    providers: sections.providers(),
    localServers: sections.localServers(),
    login: sections.login(),
    limits: sections.limits(),
    sandbox: sections.sandbox(),
    gateway: sections.gateway(),
    retention: sections.retention(),
    heartbeat: sections.heartbeat(),
    tools: sections.tools(),
    transcription: sections.transcription(),
    daemon: sections.daemon(),
    mcpServers: sections.mcpServers(),
    channels: sections.channels(),
    $schema: sections.$schema(),
  });
}

/** The configuration as the program sees it: complete, checked, read-only, its keys wrapped. */
export type Config = DeepReadonly<v.InferOutput<ReturnType<typeof createConfigSchema>>>;

type DeepReadonly<Value> = Value extends Secret
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
      : Value;

function provider() {
  return v.strictObject({
    apiKey: secret(),
    apiBase: maybeText(),
    extraHeaders: secretMap(),
    /** A package of the AI SDK, what of it makes the provider, and what that is given besides. */
    package: maybeText(),
    factory: maybeText(),
    options: secretMap(),
    /** Only a custom provider needs it: the others' wires are known. */
    wire: v.optional(v.nullable(v.picklist(["openai", "anthropic", "ai-sdk"])), null),
  });
}

/** Dollars for a million tokens. What is read from a cache or written to it costs as much as other input if it is not said. */
function price() {
  const dollars = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000));
  return v.strictObject({
    input: dollars,
    output: dollars,
    cacheRead: v.optional(dollars),
    cacheWrite: v.optional(dollars),
  });
}

function mcpServer() {
  return v.strictObject({
    type: v.optional(v.nullable(v.picklist(["stdio", "sse", "streamableHttp"])), null),
    command: text(""),
    args: texts([]),
    env: secretMap(),
    cwd: maybeText(),
    url: text(""),
    headers: secretMap(),
    toolTimeout: whole(30, 1, day),
    enabledTools: texts(["*"]),
  });
}

function mcpServers() {
  return v.optional(v.record(v.string(), mcpServer()), {});
}
