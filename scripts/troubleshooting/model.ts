import { failure, type Situation } from "./case.ts";

const answered = { label: "Anthropic", said: "" } as const;

/** Between us and the model. */
export const model: readonly Situation[] = [
  {
    id: "keys",
    title: { en: "Keys, accounts and models", zh: "密钥、账户和模型" },
    cases: [
      failure(
        "config",
        "noKey",
        { label: "Anthropic", variable: "ANTHROPIC_API_KEY" },
        {
          en: "A model of this provider was asked for, and no key of it is in the environment, in secrets.json or in the configuration.",
          zh: "要使用这个服务商的模型，但环境变量、secrets.json 和配置里都没有它的密钥。",
        },
      ),
      failure(
        "config",
        "noKeyForModel",
        { model: "mistral/large" },
        {
          en: "No provider that is set up serves a model of that name.",
          zh: "已设置的服务商都不提供这个名称的模型。",
        },
      ),
      failure(
        "provider",
        "keyRefused",
        { ...answered, status: 401, keyUrl: "https://platform.claude.com/settings/keys" },
        {
          en: "The key was revoked, belongs to another provider, or was not copied whole.",
          zh: "密钥已失效、属于别的服务商，或者没有复制完整。",
        },
      ),
      failure(
        "provider",
        "wantsKey",
        { ...answered, label: "vLLM", status: 401, keyUrl: undefined },
        {
          en: "The server is there but answers nobody without a key.",
          zh: "服务器可用，但没有密钥就不回答。",
        },
      ),
      failure(
        "provider",
        "forbidden",
        { ...answered, status: 403, model: "claude-opus-4-5" },
        {
          en: "The key has no right to this model, or the account is not served in this country.",
          zh: "密钥没有使用这个模型的权限，或者服务商不在您的地区提供服务。",
        },
      ),
      failure(
        "provider",
        "badHeader",
        { label: "Anthropic" },
        {
          en: "A line break or another unprintable character came along when it was copied.",
          zh: "复制时带进了换行或其他不可见字符。",
        },
      ),
      failure(
        "login",
        "refused",
        { label: "OpenAI", said: "OpenAI did not accept the key (401)." },
        { en: "The key was tried before it was kept.", zh: "密钥在保存之前先试用了一次。" },
      ),
      failure("login", "empty", undefined, {
        en: "Nothing came on standard input.",
        zh: "标准输入没有内容。",
      }),
      failure("login", "notAKey", undefined, {
        en: "It holds spaces, is very short or very long.",
        zh: "里面有空格，或者太短、太长。",
      }),
      failure("login", "unsendable", undefined, {
        en: "No request could carry it.",
        zh: "任何请求都无法携带它。",
      }),
      failure("login", "nameless", undefined, {
        en: "Some providers' keys look alike.",
        zh: "有些服务商的密钥看起来一样。",
      }),
      failure("login", "declined", undefined, {
        en: "The page in the browser was answered with no.",
        zh: "您在浏览器页面上选择了拒绝。",
      }),
      failure("login", "late", undefined, {
        en: "The page in the browser was not answered within five minutes.",
        zh: "五分钟内没有在浏览器页面上完成操作。",
      }),
      failure(
        "provider",
        "quota",
        { ...answered, status: 402 },
        {
          en: "The account has no credit left, or reached the limit that you set there.",
          zh: "账户余额不足，或者达到了您在那里设置的上限。",
        },
      ),
      failure(
        "provider",
        "slowDown",
        { ...answered, status: 429, seconds: 20 },
        {
          en: "More was asked within a minute than the account allows. It was tried a few times already.",
          zh: "一分钟内的请求超过了账户允许的数量。已经重试过几次。",
        },
      ),
      failure(
        "provider",
        "overloaded",
        { ...answered, status: 529 },
        {
          en: "The provider cannot serve everybody right now. It was tried a few times already.",
          zh: "服务商暂时忙不过来。已经重试过几次。",
        },
      ),
      failure(
        "provider",
        "broken",
        { ...answered, status: 500 },
        {
          en: "Something failed at the provider. It was tried a few times already.",
          zh: "服务商内部出错。已经重试过几次。",
        },
      ),
      failure(
        "provider",
        "tooLong",
        { ...answered, status: 400, model: "claude-opus-4-5" },
        {
          en: "What was said so far is more than the model can read at once.",
          zh: "到目前为止的对话超过了模型一次能读的长度。",
        },
      ),
      failure(
        "provider",
        "refused",
        { ...answered, status: 400 },
        { en: "The provider's rules for content forbid an answer.", zh: "服务商的内容规则不允许回答。" },
      ),
      failure(
        "provider",
        "declined",
        { model: "claude-opus-4-5" },
        { en: "The model itself would not.", zh: "模型自己不愿意回答。" },
      ),
      failure(
        "provider",
        "empty",
        { model: "claude-opus-4-5" },
        {
          en: "The model ended its answer before its first word, as small models do in long conversations.",
          zh: "模型还没说出第一个字就结束了回答；小模型在长对话中会这样。",
        },
      ),
      failure(
        "provider",
        "unknownModel",
        { ...answered, status: 404, model: "claude-opus-9" },
        {
          en: "The name is misspelt, the model is gone, or the account does not have it.",
          zh: "名称写错了、模型已下线，或者您的账户没有这个模型。",
        },
      ),
      failure(
        "provider",
        "elsewhere",
        { ...answered, status: 301 },
        { en: "The address has moved.", zh: "地址已经变更。" },
      ),
      failure(
        "provider",
        "notUnderstood",
        { ...answered, status: 400 },
        {
          en: "The server speaks another dialect, or the model cannot do what was asked, such as calling tools.",
          zh: "服务器使用的是另一种协议，或者模型不支持所要求的功能，例如调用工具。",
        },
      ),
      failure(
        "config",
        "unknownProvider",
        { name: "antropic", nearest: "anthropic", known: ["anthropic", "openai"] },
        {
          en: "The configuration or --provider names one that is not known.",
          zh: "配置或 --provider 中写的服务商不存在。",
        },
      ),
      failure(
        "config",
        "noModel",
        { label: "vLLM" },
        { en: "This provider has no model that everybody has.", zh: "这个服务商没有默认模型。" },
      ),
      failure(
        "config",
        "noAddress",
        { label: "mine", name: "mine" },
        { en: "A provider of your own needs an address.", zh: "自定义的服务商需要地址。" },
      ),
    ],
  },
  {
    id: "connection",
    title: { en: "The connection to the model", zh: "与模型的连接" },
    cases: [
      failure(
        "connection",
        "unknownHost",
        { host: "api.anthropic.com" },
        {
          en: "There is no network, no working DNS, or the address is misspelt.",
          zh: "没有网络、DNS 不可用，或者地址写错了。",
        },
      ),
      failure(
        "connection",
        "unreachable",
        { label: "Anthropic", host: "api.anthropic.com", code: "ECONNREFUSED" },
        { en: "Nothing answers there, or the connection was cut.", zh: "那里没有响应，或者连接被切断。" },
      ),
      failure(
        "connection",
        "noLocalServer",
        { label: "Ollama", host: "127.0.0.1:11434" },
        {
          en: "The configuration names a model server on this machine, and it does not run.",
          zh: "配置里写的是这台机器上的模型服务器，但它没有运行。",
        },
      ),
      failure(
        "login",
        "noLocalServer",
        { found: "" },
        { en: "Nothing of yours answers on the usual ports.", zh: "在常用端口上没有属于您的服务器。" },
      ),
      failure(
        "login",
        "noLocalModel",
        { label: "Ollama" },
        { en: "The server runs and has nothing to answer with.", zh: "服务器在运行，但没有可用的模型。" },
      ),
      failure(
        "connection",
        "proxyUnreachable",
        { proxy: "127.0.0.1:3128", variable: "HTTPS_PROXY", host: "api.anthropic.com" },
        {
          en: "The environment says to go through a proxy, and that one cannot be reached.",
          zh: "环境变量指定了代理，但连不上它。",
        },
      ),
      failure(
        "connection",
        "proxyWantsPassword",
        { proxy: "proxy.example:3128", variable: "HTTPS_PROXY" },
        {
          en: "The proxy lets nobody through without a name and a password.",
          zh: "没有用户名和密码，代理不让通过。",
        },
      ),
      failure(
        "connection",
        "proxyRefused",
        { proxy: "proxy.example:3128", host: "api.anthropic.com", status: "403" },
        {
          en: "The proxy has rules, and that host is not allowed by them.",
          zh: "代理有规则，不允许访问那个主机。",
        },
      ),
      failure(
        "connection",
        "clockWrong",
        {
          host: "api.anthropic.com",
          now: "2020-01-01 00:07 UTC",
          theirs: "2026-03-01 12:00 UTC",
          isBehind: true,
        },
        {
          en: "Every certificate is valid between two times. A machine whose battery is empty or whose virtual clock stood still sees all of them as invalid.",
          zh: "每个证书都只在两个时间之间有效。如果机器的电池没电，或虚拟机的时钟停过，所有证书看起来都无效。",
        },
      ),
      failure(
        "connection",
        "certificateTime",
        { host: "models.example", isExpired: true, now: "2026-03-01 12:00 UTC" },
        {
          en: "Whoever runs the server did not renew its certificate, or this machine's clock is wrong.",
          zh: "服务器的证书没有续期，或者这台机器的时钟不对。",
        },
      ),
      failure(
        "connection",
        "untrusted",
        { host: "models.example", code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
        {
          en: "The server signed its certificate itself, or a company's proxy replaces certificates by its own.",
          zh: "服务器用的是自签名证书，或者公司的代理换成了自己的证书。",
        },
      ),
      failure(
        "connection",
        "wrongHost",
        { host: "models.example" },
        {
          en: "The certificate names other hosts than the one that was asked.",
          zh: "证书上的主机名与请求的不同。",
        },
      ),
      failure(
        "connection",
        "tlsFailed",
        { host: "127.0.0.1:8000", code: "EPROTO" },
        {
          en: "The server does not speak TLS on that port, or speaks a version that is too old.",
          zh: "服务器在那个端口上不使用 TLS，或者版本太旧。",
        },
      ),
      failure(
        "connection",
        "notAnAddress",
        { label: "LM Studio" },
        { en: "localhost:1234 has no scheme in front.", zh: "localhost:1234 前面缺少协议。" },
      ),
      failure(
        "connection",
        "late",
        { label: "Anthropic", seconds: 30 },
        {
          en: "The connection stands, and no answer came. It was tried a few times already.",
          zh: "连接已建立，但没有得到应答。已经重试过几次。",
        },
      ),
      failure(
        "connection",
        "silent",
        { label: "Anthropic", seconds: 60 },
        { en: "The answer had begun and did not go on.", zh: "回答已经开始，但没有继续。" },
      ),
      failure(
        "connection",
        "endedEarly",
        { label: "Anthropic" },
        {
          en: "The connection was closed in the middle of the answer. What was there is kept.",
          zh: "回答到一半连接就关闭了。已有的内容会保留。",
        },
      ),
      failure(
        "connection",
        "unreadable",
        { label: "mine", reason: "it holds broken JSON" },
        {
          en: "What answers there is no model server, or something on the way changed its answer.",
          zh: "应答的不是模型服务器，或者途中有东西改动了回答。",
        },
      ),
    ],
  },
];
