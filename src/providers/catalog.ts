export type Wire = "anthropic" | "openai" | "demo" | "scripted";

/** What is known of a provider before any configuration. */
export interface ProviderSpec {
  readonly name: string;
  readonly label: string;
  readonly wire: Wire;
  /** Parts of a model's name that point here. */
  readonly keywords: readonly string[];
  /** Environment variables that hold its key; the first is the one we write. */
  readonly env: readonly string[];
  readonly keyPrefixes: readonly string[];
  readonly apiBase: string;
  readonly defaultModel?: string;
  /** Serves the models of others under their full names. */
  readonly isGateway?: boolean;
  /** Runs on the person's own machine and needs no key. */
  readonly isLocal?: boolean;
  /** Where a person gets a key. */
  readonly keyUrl?: string;
}

/** In the order in which they are preferred. */
export const catalog: readonly ProviderSpec[] = [
  {
    name: "openrouter",
    label: "OpenRouter",
    wire: "openai",
    keywords: ["openrouter"],
    env: ["OPENROUTER_API_KEY"],
    keyPrefixes: ["sk-or-"],
    apiBase: "https://openrouter.ai/api/v1",
    defaultModel: "anthropic/claude-opus-4.5",
    isGateway: true,
    keyUrl: "https://openrouter.ai/keys",
  },
  {
    name: "aihubmix",
    label: "AiHubMix",
    wire: "openai",
    keywords: ["aihubmix"],
    env: ["AIHUBMIX_API_KEY"],
    keyPrefixes: [],
    apiBase: "https://aihubmix.com/v1",
    defaultModel: "claude-opus-4-5",
    isGateway: true,
  },
  {
    name: "anthropic",
    label: "Anthropic",
    wire: "anthropic",
    keywords: ["anthropic", "claude"],
    env: ["ANTHROPIC_API_KEY"],
    keyPrefixes: ["sk-ant-"],
    apiBase: "https://api.anthropic.com",
    defaultModel: "claude-opus-4-5",
    keyUrl: "https://console.anthropic.com/settings/keys",
  },
  {
    name: "openai",
    label: "OpenAI",
    wire: "openai",
    keywords: ["openai", "gpt"],
    env: ["OPENAI_API_KEY"],
    keyPrefixes: ["sk-proj-", "sk-svcacct-"],
    apiBase: "https://api.openai.com/v1",
    defaultModel: "gpt-5",
    keyUrl: "https://platform.openai.com/api-keys",
  },
  {
    name: "deepseek",
    label: "DeepSeek",
    wire: "openai",
    keywords: ["deepseek"],
    env: ["DEEPSEEK_API_KEY"],
    keyPrefixes: [],
    apiBase: "https://api.deepseek.com",
    defaultModel: "deepseek-chat",
  },
  {
    name: "gemini",
    label: "Gemini",
    wire: "openai",
    keywords: ["gemini"],
    env: ["GEMINI_API_KEY"],
    keyPrefixes: ["AIza"],
    apiBase: "https://generativelanguage.googleapis.com/v1beta/openai",
    defaultModel: "gemini-2.5-pro",
  },
  {
    name: "zhipu",
    label: "Zhipu",
    wire: "openai",
    keywords: ["zhipu", "glm", "zai"],
    env: ["ZAI_API_KEY", "ZHIPUAI_API_KEY"],
    keyPrefixes: [],
    apiBase: "https://open.bigmodel.cn/api/paas/v4",
    defaultModel: "glm-4.6",
  },
  {
    name: "dashscope",
    label: "DashScope",
    wire: "openai",
    keywords: ["qwen", "dashscope"],
    env: ["DASHSCOPE_API_KEY"],
    keyPrefixes: [],
    apiBase: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    defaultModel: "qwen-max",
  },
  {
    name: "moonshot",
    label: "Moonshot",
    wire: "openai",
    keywords: ["moonshot", "kimi"],
    env: ["MOONSHOT_API_KEY"],
    keyPrefixes: [],
    apiBase: "https://api.moonshot.ai/v1",
    defaultModel: "kimi-k2.5",
  },
  {
    name: "minimax",
    label: "MiniMax",
    wire: "openai",
    keywords: ["minimax"],
    env: ["MINIMAX_API_KEY"],
    keyPrefixes: [],
    apiBase: "https://api.minimax.io/v1",
    defaultModel: "MiniMax-M2.1",
  },
  {
    name: "groq",
    label: "Groq",
    wire: "openai",
    keywords: ["groq"],
    env: ["GROQ_API_KEY"],
    keyPrefixes: ["gsk_"],
    apiBase: "https://api.groq.com/openai/v1",
    defaultModel: "llama-3.3-70b-versatile",
  },
  {
    name: "ollama",
    label: "Ollama",
    wire: "openai",
    keywords: ["ollama"],
    env: [],
    keyPrefixes: [],
    apiBase: "http://127.0.0.1:11434/v1",
    isLocal: true,
  },
  {
    name: "lmstudio",
    label: "LM Studio",
    wire: "openai",
    keywords: ["lmstudio", "lm_studio"],
    env: [],
    keyPrefixes: [],
    apiBase: "http://127.0.0.1:1234/v1",
    isLocal: true,
  },
  {
    name: "vllm",
    label: "vLLM",
    wire: "openai",
    keywords: ["vllm", "hosted_vllm"],
    env: ["HOSTED_VLLM_API_KEY"],
    keyPrefixes: [],
    apiBase: "http://127.0.0.1:8000/v1",
    isLocal: true,
  },
];
