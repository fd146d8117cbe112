import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "valibot";
import { defaultConfig } from "./config/defaults.ts";
import { notServedYet } from "./config/notices.ts";
import { parsePath } from "./config/path.ts";
import { createConfigSchema } from "./config/schema.ts";
import { findTarget } from "./config/target.ts";
import { type Environment, loadConfig, type LoadedConfig } from "./config.ts";
import { AppError } from "./errors.ts";
import { rounds } from "../test/fakes/rounds.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nanoclaw-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
async function load(text: string | Uint8Array, environment: Environment = {}): Promise<LoadedConfig> {
  const path = join(folder, `${(count += 1)}.json`);
  writeFileSync(path, text, { mode: 0o600 });
  return loadConfig(path, environment);
}

/** The message without the folder, which differs from run to run. */
async function complaint(text: string | Uint8Array, environment: Environment = {}): Promise<string> {
  try {
    await load(text, environment);
  } catch (error) {
    if (error instanceof AppError && error.code === "config") {
      return error.message.replaceAll(/\S*\/\d+\.json/g, "config.json");
    }
    throw error;
  }
  return "nothing";
}

describe("defaults", () => {
  test("the plain data is what the schema says of an empty file", () => {
    expect(defaultConfig).toEqual(parse(createConfigSchema(), {}));
  });

  test("without a file and without variables they hold", async () => {
    const { config, notices } = await loadConfig(join(folder, "none.json"), { NANOCLAW_HOME: "/x" });
    expect([config, notices]).toEqual([defaultConfig, []]);
  });

  test("an empty file is as good as none", async () => {
    expect((await load("")).config).toEqual(defaultConfig);
    expect((await load("{}")).config).toEqual(defaultConfig);
  });

  test("what is loaded cannot be changed", async () => {
    const { config } = await load('{"limits": {"steps": 3}, "channels": {"qq": {"allowFrom": ["a"]}}}');
    for (const part of [config, config.limits, config.channels.qq.allowFrom]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

const located: readonly (readonly [text: string, message: string])[] = [
  [
    '{\n  "agents": {"defaults": {"modle": "x"}}\n}',
    'config.json:2:27: unknown key "modle" in agents.defaults; did you mean "model"?\n   2 |   "agents": {"defaults": {"modle": "*"}}\n     |                           ^^^^^^^',
  ],
  [
    '{"chanels": {}}',
    'config.json:1:2: unknown key "chanels"; did you mean "channels"?\n   1 | {"chanels": {}}\n     |  ^^^^^^^^^',
  ],
  [
    '{\n  "limits": {"steps": "many"}\n}',
    'config.json:2:23: limits.steps: expected a number, found text\n   2 |   "limits": {"steps": "****"}\n     |                       ^^^^^^',
  ],
  [
    '{"gateway": {"port": 1.5}}',
    'config.json:1:22: gateway.port: expected a whole number, found 1.5\n   1 | {"gateway": {"port": 1.5}}\n     |                      ^^^',
  ],
  [
    '{"gateway": 1}',
    'config.json:1:13: gateway: expected an object in { }, found 1\n   1 | {"gateway": 1}\n     |             ^',
  ],
  [
    '{\n  "limits": {"steps": 5\n}',
    "config.json:1:1: the file ends before this { is closed\n   1 | {\n     | ^",
  ],
  ["[]", "config.json:1:1: the file must hold one object in { }\n   1 | []\n     | ^^"],
];

const short: readonly (readonly [text: string, message: string])[] = [
  ['{"limits": {"steps": "5"}}', "limits.steps: expected a number, found text: leave the quotes out"],
  ['{"limits": {"steps": 0}}', "limits.steps: expected at least 1, found 0"],
  ['{"gateway": {"port": 70000}}', "gateway.port: expected at most 65535, found 70000"],
  [
    '{"agents": {"defaults": {"model": 4}}}',
    "agents.defaults.model: expected text, found a number: put it in quotes",
  ],
  [
    '{"heartbeat": {"quietHours": "at night"}}',
    'heartbeat.quietHours: write it as "22:00-07:00", or "" for none',
  ],
  ['{"heartbeat": {"enabled": "yes"}}', "heartbeat.enabled: expected true or false, found text"],
  ['{"channels": {"qq": {"allowFrom": "me"}}}', "channels.qq.allowFrom: expected a list in [ ], found text"],
  [
    '{"channels": {"qq": {"allowFrom": ["a", 1]}}}',
    "channels.qq.allowFrom[1]: expected text, found a number: put it in quotes",
  ],
  ['{"channels": {"qq": []}}', "channels.qq: expected an object in { }, found a list"],
  [
    '{"channels": {"slack": {"groupPolicy": "opne"}}}',
    'channels.slack.groupPolicy: expected one of "mention", "open", "allowlist", found "opne"',
  ],
  [
    '{"channels": {"mochat": {"groups": {"*": {"x": 1}}}}}',
    'unknown key "x" in channels.mochat.groups["*"]; known here: requireMention',
  ],
  ['{"limits": {}, "limits": {}}', "limits stands here for the second time"],
  [
    '{"agents": {"defaults": {"maxTokens": 1, "max_tokens": 2}}}',
    "agents.defaults.maxTokens stands here for the second time",
  ],
  [
    '{"mcpServers": {"a": {"command": "x", "env": {"K": "1", "K": "2"}}}}',
    "mcpServers.a.env.K stands here for the second time",
  ],
  ['{"providers": {"__proto__": {"apiBase": "http://x"}}}', '"__proto__" cannot be a name'],
  [
    '{"providers": {"opnai": {"apiKey": "x"}}}',
    'providers.opnai: no provider of that name is known, and one of your own needs apiBase; did you mean "openai"?',
  ],
  [
    '{"providers": {"openai": {"apiBase": "api.openai.com"}}}',
    "providers.openai.apiBase: expected an address that begins with http:// or https://",
  ],
  ['{"mcpServers": {"a": {}}}', "mcpServers.a: give it either a command or a url"],
  [
    '{"providers": {"openai": {"apiKey": "${NO_SUCH}"}}}',
    "providers.openai.apiKey needs the variable NO_SUCH, which is neither in the environment nor in secrets.json",
  ],
  [
    '{"agents": {"defaults": {"model": "${a-b}"}}}',
    "agents.defaults.model holds a ${…} without a variable's name; write $${ for the characters themselves",
  ],
];

describe("a file that is wrong", () => {
  test.each(located)("%j is shown with its line", async (text, message) => {
    expect(await complaint(text)).toBe(message);
  });

  test.each(short)("%j", async (text, message) => {
    const [first] = (await complaint(text)).split("\n");
    expect(first?.replace(/^config\.json:\d+:\d+: /, "")).toBe(message);
  });

  test("has all its problems told at once, in the order of the file", async () => {
    const text = '{"limits": {"steps": "x"},\n "gatway": {},\n "tools": {"exec": {"timeout": 0}}}';
    const lines = (await complaint(text)).split("\n").filter((line) => !/^ *\d* \|/.test(line));
    expect(lines).toEqual([
      "The configuration has 3 problems.",
      "config.json:1:22: limits.steps: expected a number, found text",
      'config.json:2:2: unknown key "gatway"; did you mean "gateway"?',
      "config.json:3:32: tools.exec.timeout: expected at least 1, found 0",
    ]);
  });

  test("that is not UTF-8, too large or no file is refused in words", async () => {
    expect(await complaint(new Uint8Array([0x7b, 0xff, 0x7d]))).toBe("config.json is not UTF-8 text.");
    expect(await complaint(new Uint8Array([0xff, 0xfe, 0x7b, 0]))).toBe("config.json is UTF-16 text.");
    expect(await complaint(`{"a": "${"x".repeat(1_048_576)}"}`)).toBe("config.json is larger than 1 MB.");
    await expect(loadConfig(folder, {})).rejects.toThrow(`${folder} is no file.`);
  });

  test("that others can write is refused with the remedy", async () => {
    const path = join(folder, "loose.json");
    writeFileSync(path, "{}");
    chmodSync(path, 0o646);
    await expect(loadConfig(path, {})).rejects.toThrow(`${path} can be written by other users (mode 646).`);
  });

  const leaks: readonly string[] = [
    '{"providers": {"openai": {"apiKey": "hunter2-SECRET", "modle": 1}}}',
    '{"providers": {"openai": {"apiKey": "hunter2-SECRET}}}',
    '{"providers": {"openai": {"apiKey": hunter2-SECRET}}}',
    '{"providers": {"openai": {"apiKey: "hunter2-SECRET"}}}',
    '{"providers": {"openai": {"apiKey": ["hunter2-SECRET"]}}}',
    '{"providers": {"openai": {"apiBase": "hunter2-SECRET"}}}',
    '{"gateway": {"port": "hunter2-SECRET"}}',
    '{"mcpServers": {"a": {"env": {"K": "hunter2-SECRET"}}}}',
    '{"channels": {"telegram": {"token": "hunter2-SECRET" "x": 1}}}',
    '// apiKey: hunter2-SECRET\n{"a": /* hunter2-SECRET */ 1}',
  ];

  test.each(leaks)("%j does not show its secret", async (text) => {
    const message = await complaint(text);
    expect(message).not.toBe("nothing");
    expect(message).not.toContain("hunter2");
    expect(message).not.toContain("SECRET");
  });
});

describe("what is written", () => {
  test("may be in snake_case, but the names in maps stay as they are", async () => {
    const { config } = await load(`{
      "agents": {"defaults": {"max_tokens": 5}},
      "channels": {"mochat": {"base_url": "https://m", "claw_token": "t", "reply_delay_mode": "off", "groups": {"my_group": {"require_mention": true}}}},
      "providers": {"my_proxy": {"api_base": "http://p", "extra_headers": {"APP-Code": "1", "x_y": "2"}}},
      "mcp_servers": {"my_tools": {"command": "x", "env": {"API_KEY": "1", "lower_case": "2"}, "tool_timeout": 3}}
    }`);
    expect(config.agents.defaults.maxTokens).toBe(5);
    expect(config.channels.mochat.baseUrl).toBe("https://m");
    expect(config.channels.mochat.groups).toEqual({ my_group: { requireMention: true } });
    expect(Object.keys(config.providers["my_proxy"]?.extraHeaders ?? {})).toEqual(["APP-Code", "x_y"]);
    expect(Object.keys(config.mcpServers["my_tools"]?.env ?? {})).toEqual(["API_KEY", "lower_case"]);
  });

  test("becomes a secret where it is one, and is never printed", async () => {
    const { config } = await load(
      '{"providers": {"openai": {"apiKey": "k1", "extraHeaders": {"X": "k2"}}}, "channels": {"email": {"imapPassword": "k3"}}, "tools": {"web": {"search": {"apiKey": ""}}}}',
    );
    expect(config.providers["openai"]?.apiKey?.open()).toBe("k1");
    expect(config.channels.email.imapPassword?.open()).toBe("k3");
    expect(config.tools.web.search.apiKey).toBeUndefined();
    expect(JSON.stringify(config) + Bun.inspect(config, { depth: 9 })).not.toMatch(/k[123]"/);
  });

  test("takes variables from the environment, then from secrets.json beside it", async () => {
    const place = mkdtempSync(join(folder, "home-"));
    writeFileSync(join(place, "secrets.json"), '{"MY_KEY": "from-secrets", "HOST": "no"}', { mode: 0o600 });
    const path = join(place, "config.json");
    writeFileSync(
      path,
      '{"providers": {"openai": {"apiKey": "${MY_KEY}", "apiBase": "https://${HOST}:${PORT}/v1"}}, "channels": {"qq": {"allowFrom": ["$${HOST}", "${EMPTY}x", "$5 {a}"]}}}',
    );
    const { config } = await loadConfig(path, { HOST: "h", PORT: "1", EMPTY: "" });
    expect(config.providers["openai"]?.apiKey?.open()).toBe("from-secrets");
    expect(config.providers["openai"]?.apiBase).toBe("https://h:1/v1");
    expect(config.channels.qq.allowFrom).toEqual(["${HOST}", "x", "$5 {a}"]);
  });

  test("is not looked at again after a variable came in", async () => {
    const { config } = await load('{"agents": {"defaults": {"model": "${A}"}}}', { A: "${B}", B: "no" });
    expect(config.agents.defaults.model).toBe("${B}");
  });

  test("may stand at the places of older files", async () => {
    const { config } = await load(
      '{"agents": {"defaults": {"maxToolIterations": 7}}, "tools": {"exec": {"restrictToWorkspace": false}, "mcpServers": {"a": {"command": "x"}}}, "mcpServers": {"b": {"url": "http://x"}}}',
    );
    expect(config.limits.steps).toBe(7);
    expect(config.tools.restrictToWorkspace).toBe(false);
    expect(Object.keys(config.mcpServers)).toEqual(["a", "b"]);
    const both = '{"agents": {"defaults": {"maxToolIterations": 7}}, "limits": {"steps": 9}}';
    expect((await load(both)).config.limits.steps).toBe(9);
  });
});

describe("the environment", () => {
  test("wins over the file, with the kinds that the schema wants", async () => {
    const { config } = await load(
      '{"limits": {"steps": 3, "seconds": 5}, "providers": {"myProxy": {"apiBase": "http://a"}}}',
      {
        NANOCLAW_LIMITS__STEPS: "9",
        NANOCLAW_AGENTS__DEFAULTS__MODEL: "m",
        NANOCLAW_AGENTS__DEFAULTS__MAX_TOKENS: "77",
        NANOCLAW_HEARTBEAT__ENABLED: "false",
        NANOCLAW_CHANNELS__QQ__ALLOW_FROM: "a, b",
        NANOCLAW_PROVIDERS__MY_PROXY__API_KEY: "k",
        NANOCLAW_PROVIDERS__OPENAI__EXTRA_HEADERS: '{"A-B": "c"}',
      },
    );
    expect(config.limits).toMatchObject({ steps: 9, seconds: 5 });
    expect(config.agents.defaults).toMatchObject({ model: "m", maxTokens: 77 });
    expect(config.heartbeat.enabled).toBe(false);
    expect(config.channels.qq.allowFrom).toEqual(["a", "b"]);
    expect(config.providers["myProxy"]?.apiKey?.open()).toBe("k");
    expect(config.providers["openai"]?.extraHeaders["A-B"]?.open()).toBe("c");
  });

  test("serves without a file", async () => {
    const { config } = await loadConfig(join(folder, "none.json"), { NANOCLAW_GATEWAY__PORT: "0" });
    expect(config.gateway.port).toBe(0);
  });

  test("names the variable that is wrong", async () => {
    expect(await complaint("{}", { NANOCLAW_GATEWAY__PORT: "x" })).toBe(
      "NANOCLAW_GATEWAY__PORT: gateway.port: expected a number, found text",
    );
    expect(await complaint("{}", { NANOCLAW_AGENTS__DEFAULTS__MODLE: "x" })).toBe(
      'NANOCLAW_AGENTS__DEFAULTS__MODLE: unknown key "modle" in agents.defaults; did you mean "model"?',
    );
    expect(await complaint("{}", { NANOCLAW_AGENS__X: "x" })).toBe(
      'NANOCLAW_AGENS__X: unknown key "agens"; did you mean "agents"?',
    );
  });
});

describe("notices", () => {
  async function notices(text: string): Promise<readonly string[]> {
    return (await load(text)).notices.map((line) => line.replace(/^.*\.json:/, ""));
  }

  test("an empty allowFrom and an open workspace say what they mean here and what to write", async () => {
    const text =
      '{\n"channels": {"telegram": {"enabled": true,\n"allowFrom": []}},\n"tools": {"restrictToWorkspace": false}}';
    expect(await notices(text)).toEqual([
      '3: channels.telegram.allowFrom is empty: it lets nobody write, only nanoclaw people does. Write "allowFrom": ["THEIR_ID"], or ["*"] for everybody',
      '4: tools.restrictToWorkspace: false opens nothing, tools stay in the sandbox. Write "restrictToWorkspace": true, and share a folder with --folder PATH[:rw]',
    ]);
  });

  test("a whole file of the Python system that enables nothing is quiet", async () => {
    const full = JSON.stringify({ ...defaultConfig, tools: { exec: { timeout: 60 } }, agents: {} });
    expect(await notices(full)).toEqual([]);
  });

  test("of WhatsApp only the bridge of the Python system is without effect", async () => {
    const whatsapp = { enabled: true, allowFrom: ["4915112345678"], proxy: "http://127.0.0.1:3128" };
    expect(await notices(JSON.stringify({ channels: { whatsapp } }))).toEqual([]);
    const bridged = JSON.stringify({
      channels: { whatsapp: { ...whatsapp, bridgeUrl: "ws://127.0.0.1:1" } },
    });
    expect(await notices(bridged)).toEqual([
      "1: channels.whatsapp.bridgeUrl is known, but nothing serves it yet",
    ]);
  });

  test("every key that nothing serves yet is a key", () => {
    for (const path of notServedYet) {
      let value: unknown = defaultConfig;
      for (const key of path.split(".")) {
        value =
          typeof value === "object" && value !== null
            ? Object.entries(value).find(([name]) => name === key)?.[1]
            : undefined;
      }
      expect([path, value]).not.toEqual([path, undefined]);
    }
  });
});

/** Every key of the Python system's file, with its own defaults. */
const reference = `{
  "agents": {"defaults": {"workspace": "~/.nanoclaw/workspace", "model": "anthropic/claude-opus-4-5", "maxTokens": 8192,
    "temperature": 0.7, "maxToolIterations": 20, "contextWindow": 128000, "compactionThreshold": 0.75, "memoryWindow": 50}},
  "providers": {
    ${[
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
    ]
      .map((name) => `"${name}": {"apiKey": "", "apiBase": null, "extraHeaders": null}`)
      .join(",\n    ")}
  },
  "gateway": {"host": "0.0.0.0", "port": 18790},
  "heartbeat": {"intervalS": 300, "enabled": true},
  "tools": {"web": {"search": {"apiKey": "", "maxResults": 5}}, "exec": {"timeout": 60}, "restrictToWorkspace": false},
  "daemon": {"envPassthrough": ["MY_*"]},
  "mcpServers": {"a": {"type": "stdio", "command": "x", "args": [], "env": {}, "url": ""}},
  "channels": {
    "whatsapp": {"enabled": false, "bridgeUrl": "ws://localhost:3001", "bridgeToken": "", "allowFrom": []},
    "telegram": {"enabled": false, "token": "", "allowFrom": [], "proxy": null},
    "discord": {"enabled": false, "token": "", "allowFrom": [], "gatewayUrl": "wss://gateway.discord.gg/?v=10&encoding=json", "intents": 37377},
    "feishu": {"enabled": false, "appId": "", "appSecret": "", "encryptKey": "", "verificationToken": "", "allowFrom": []},
    "mochat": {"enabled": false, "baseUrl": "https://mochat.io", "socketUrl": "", "socketPath": "/socket.io", "socketDisableMsgpack": false,
      "socketReconnectDelayMs": 1000, "socketMaxReconnectDelayMs": 10000, "socketConnectTimeoutMs": 10000, "refreshIntervalMs": 30000,
      "watchTimeoutMs": 25000, "watchLimit": 100, "retryDelayMs": 500, "maxRetryAttempts": 0, "clawToken": "", "agentUserId": "",
      "sessions": [], "panels": [], "allowFrom": [], "mention": {"requireInGroups": false}, "groups": {"*": {"requireMention": false}},
      "replyDelayMode": "non-mention", "replyDelayMs": 120000},
    "dingtalk": {"enabled": false, "clientId": "", "clientSecret": "", "allowFrom": []},
    "email": {"enabled": false, "consentGranted": false, "imapHost": "", "imapPort": 993, "imapUsername": "", "imapPassword": "", "imapMailbox": "INBOX",
      "imapUseSsl": true, "smtpHost": "", "smtpPort": 587, "smtpUsername": "", "smtpPassword": "", "smtpUseTls": true, "smtpUseSsl": false,
      "fromAddress": "", "autoReplyEnabled": true, "pollIntervalSeconds": 30, "markSeen": true, "maxBodyChars": 12000, "subjectPrefix": "Re: ", "allowFrom": []},
    "slack": {"enabled": false, "mode": "socket", "webhookPath": "/slack/events", "botToken": "", "appToken": "", "userTokenReadOnly": true,
      "groupPolicy": "mention", "groupAllowFrom": [], "replyInThread": true, "reactEmoji": "eyes", "dm": {"enabled": true, "policy": "open", "allowFrom": []}},
    "qq": {"enabled": false, "appId": "", "secret": "", "allowFrom": []}
  }
}`;

test("every key that the list of differences names is one", async () => {
  const text = await Bun.file(join(import.meta.dir, "../docs/differences.md")).text();
  const keys = [...text.matchAll(/^\| `([\w.$]+)`/gm)].map((match) => match[1] ?? "");
  expect(keys.length).toBeGreaterThan(15);
  for (const key of keys) {
    const target = findTarget(
      parsePath(key.replace(/\bNAME\b/g, "openai")),
      createConfigSchema(),
      [],
      () => [],
    );
    expect([key, "unknown" in target ? target.unknown : "known"]).toEqual([key, "known"]);
  }
});

test("every key of the Python system's file loads, in both spellings", async () => {
  const camel = (await load(reference)).config;
  const snake = reference.replace(/"([a-z]+(?:[A-Z][a-z]*)+)":/g, (_, name: string) => {
    return `"${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}":`;
  });
  expect(snake).toContain('"max_tool_iterations"');
  expect((await load(snake)).config).toEqual(camel);
  expect(camel.limits.steps).toBe(20);
});

test("whatever happens to a file, it loads or the complaint is ours", async () => {
  let state = 11;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const pieces = [
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\",
    "null",
    "1e999",
    "-",
    "//",
    "/*",
    "\n",
    "${",
    "\u0000",
    "\uD800",
    "__proto__",
    "é",
  ];
  for (let round = 0; round < rounds(400, 1500); round += 1) {
    let text = reference;
    for (let change = 0; change <= random(4); change += 1) {
      const at = random(text.length);
      const cut = random(3) === 0 ? random(60) : random(2);
      text =
        text.slice(0, at) +
        (random(3) === 0 ? "" : (pieces[random(pieces.length)] ?? "")) +
        text.slice(at + cut);
    }
    // Anything but our own error is rethrown and fails the test.
    await complaint(text);
  }
});
