import { toProviderName } from "../config/names.ts";
import type { ThinkingStyle, Timeouts } from "./target.ts";

/** How a server is spoken to; each has its folder. */
export type Wire = "anthropic" | "openai" | "ai-sdk";

/** What is known of a provider before anything is configured. */
export interface CatalogEntry {
  /** Its key in the configuration. */
  readonly name: string;
  readonly label: string;
  readonly wire: Wire;
  readonly apiBase: string;
  /** Environment variables that may hold its key. */
  readonly env: readonly string[];
  /** Words in the name of a model that point here. */
  readonly keywords: readonly string[];
  /** Other first parts of `provider/model` that mean it, as `toProviderName` leaves them. */
  readonly aliases?: readonly string[];
  /** `gateway`: any maker's models. `local`: on one's own machine, without a key. */
  readonly kind?: "gateway" | "local";
  /** How its keys begin, where that tells. */
  readonly keyPrefix?: string;
  readonly keyUrl?: string;
  readonly defaultModel?: string;
  /** Its own models have names like `maker/model`. */
  readonly hasMakerInNames?: boolean;
  /** Its models run nowhere else, so a server on one's own machine is never meant. */
  readonly isClosed?: boolean;
  /** Model name part → the only temperature that it takes. */
  readonly temperatures?: Readonly<Record<string, number>>;
  readonly takesCacheMarks?: boolean;
  /** How it is told to think; `effort` by default. */
  readonly thinkingStyle?: ThinkingStyle;
  /** None of its models can see a picture. What only some models cannot, their servers say. */
  readonly isBlind?: boolean;
  readonly timeouts?: Partial<Timeouts>;
  /** Where a key can be checked without cost; `/models` by default. */
  readonly keyCheckPath?: string;
}

/** Their models think for minutes without sending a byte. */
const silentThinker = { firstByteMs: 180_000, idleMs: 180_000 };

/** The order is the priority where several would do. */
export const catalog: readonly CatalogEntry[] = [
  {
    name: "openrouter",
    label: "OpenRouter",
    wire: "openai",
    apiBase: "https://openrouter.ai/api/v1",
    env: ["OPENROUTER_API_KEY"],
    keywords: ["openrouter"],
    kind: "gateway",
    keyPrefix: "sk-or-",
    keyUrl: "https://openrouter.ai/keys",
    defaultModel: "openrouter/auto",
    hasMakerInNames: true,
    takesCacheMarks: true,
    thinkingStyle: "reasoning",
    keyCheckPath: "/key",
  },
  {
    name: "aihubmix",
    label: "AiHubMix",
    wire: "openai",
    apiBase: "https://aihubmix.com/v1",
    env: ["AIHUBMIX_API_KEY"],
    keywords: ["aihubmix"],
    kind: "gateway",
    keyUrl: "https://aihubmix.com/token",
    defaultModel: "gpt-5.5",
  },
  {
    name: "vercel",
    label: "Vercel AI Gateway",
    wire: "openai",
    apiBase: "https://ai-gateway.vercel.sh/v1",
    env: ["AI_GATEWAY_API_KEY"],
    keywords: ["vercel"],
    aliases: ["aigateway"],
    kind: "gateway",
    keyPrefix: "vck_",
    keyUrl: "https://vercel.com/ai-gateway",
    defaultModel: "openai/gpt-5.5",
    hasMakerInNames: true,
    takesCacheMarks: true,
    thinkingStyle: "reasoning",
    keyCheckPath: "/credits",
  },
  {
    name: "anthropic",
    label: "Anthropic",
    wire: "anthropic",
    apiBase: "https://api.anthropic.com",
    env: ["ANTHROPIC_API_KEY"],
    keywords: ["anthropic", "claude"],
    keyPrefix: "sk-ant-",
    keyUrl: "https://platform.claude.com/settings/keys",
    defaultModel: "claude-sonnet-5-5",
    isClosed: true,
  },
  {
    name: "openai",
    label: "OpenAI",
    wire: "openai",
    apiBase: "https://api.openai.com/v1",
    env: ["OPENAI_API_KEY"],
    keywords: ["openai", "gpt"],
    keyPrefix: "sk-proj-",
    keyUrl: "https://platform.openai.com/api-keys",
    defaultModel: "gpt-5.5",
    timeouts: silentThinker,
  },
  {
    name: "deepseek",
    label: "DeepSeek",
    wire: "openai",
    apiBase: "https://api.deepseek.com",
    env: ["DEEPSEEK_API_KEY"],
    keywords: ["deepseek"],
    keyUrl: "https://platform.deepseek.com/api_keys",
    defaultModel: "deepseek-v4-flash",
    thinkingStyle: "switch-and-effort",
    isBlind: true,
  },
  {
    name: "gemini",
    label: "Google Gemini",
    wire: "openai",
    apiBase: "https://generativelanguage.googleapis.com/v1beta/openai",
    env: ["GEMINI_API_KEY"],
    keywords: ["gemini"],
    aliases: ["google"],
    keyPrefix: "AIza",
    keyUrl: "https://aistudio.google.com/apikey",
    defaultModel: "gemini-3.6-flash",
    isClosed: true,
    timeouts: silentThinker,
  },
  {
    name: "zhipu",
    label: "Zhipu",
    wire: "openai",
    apiBase: "https://open.bigmodel.cn/api/paas/v4",
    env: ["ZAI_API_KEY", "ZHIPUAI_API_KEY"],
    keywords: ["zhipu", "glm", "zai"],
    keyUrl: "https://open.bigmodel.cn/usercenter/apikeys",
    defaultModel: "glm-5.3",
    thinkingStyle: "switch",
  },
  {
    name: "dashscope",
    label: "DashScope",
    wire: "openai",
    apiBase: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    env: ["DASHSCOPE_API_KEY"],
    keywords: ["qwen", "dashscope"],
    keyUrl: "https://bailian.console.aliyun.com/?tab=model#/api-key",
    defaultModel: "qwen-plus",
    thinkingStyle: "budget",
  },
  {
    name: "moonshot",
    label: "Moonshot",
    wire: "openai",
    apiBase: "https://api.moonshot.ai/v1",
    env: ["MOONSHOT_API_KEY"],
    keywords: ["moonshot", "kimi"],
    keyUrl: "https://platform.moonshot.ai/console/api-keys",
    defaultModel: "kimi-k3",
    thinkingStyle: "switch",
    temperatures: { "kimi-k2.5": 1 },
  },
  {
    name: "minimax",
    label: "MiniMax",
    wire: "openai",
    apiBase: "https://api.minimax.io/v1",
    env: ["MINIMAX_API_KEY"],
    keywords: ["minimax"],
    keyUrl: "https://platform.minimax.io/user-center/basic-information/interface-key",
    defaultModel: "MiniMax-M3",
  },
  {
    name: "groq",
    label: "Groq",
    wire: "openai",
    apiBase: "https://api.groq.com/openai/v1",
    env: ["GROQ_API_KEY"],
    keywords: ["groq"],
    keyPrefix: "gsk_",
    keyUrl: "https://console.groq.com/keys",
    defaultModel: "openai/gpt-oss-120b",
    hasMakerInNames: true,
  },
  {
    name: "ollama",
    label: "Ollama",
    wire: "openai",
    apiBase: "http://127.0.0.1:11434/v1",
    env: [],
    keywords: ["ollama"],
    kind: "local",
    hasMakerInNames: true,
  },
  {
    name: "lmstudio",
    label: "LM Studio",
    wire: "openai",
    apiBase: "http://127.0.0.1:1234/v1",
    env: [],
    keywords: ["lmstudio"],
    kind: "local",
    hasMakerInNames: true,
  },
  {
    name: "vllm",
    label: "vLLM",
    wire: "openai",
    apiBase: "http://127.0.0.1:8000/v1",
    env: ["HOSTED_VLLM_API_KEY"],
    keywords: ["vllm"],
    aliases: ["hostedvllm"],
    kind: "local",
    hasMakerInNames: true,
  },
];

/** The entry of that name or alias, however it is written: `lmStudio`, `lm_studio`, `LM-Studio`. */
export function findEntry(name: string): CatalogEntry | undefined {
  const wanted = toProviderName(name);
  return catalog.find((entry) => entry.name === wanted || entry.aliases?.includes(wanted) === true);
}

/** Whose key this is, by its beginning; `undefined` for one that could be anybody's. */
export function recogniseKey(text: string): CatalogEntry | undefined {
  const key = text.trim();
  const found = catalog.find((entry) => entry.keyPrefix !== undefined && key.startsWith(entry.keyPrefix));
  // OpenAI's older keys and DeepSeek's begin alike; only OpenAI's are this long.
  const isOldOpenAi = /^sk-(svcacct-|admin-|[A-Za-z0-9]{40,}$)/.test(key);
  return found ?? (isOldOpenAi ? findEntry("openai") : undefined);
}
