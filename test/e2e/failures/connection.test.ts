import { describe, expect, test } from "bun:test";
import { createProvider } from "../../../src/providers/registry.ts";
import { findProxy } from "../../../src/providers/proxy.ts";
import type { ProviderTarget } from "../../../src/providers/target.ts";
import { Secret } from "../../../src/secret.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { collect, isLast, toRequest } from "../../contract/provider.ts";
import { makeCertificateFor, type Certificate } from "../../fakes/certificate.ts";
import { startLlmServer } from "../../fakes/llm-server.ts";
import type { Fault } from "../../fakes/llm-turn.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";

/** One request to `apiBase`, tried once; resolves with what a person would read. */
async function ask(apiBase: string, more: Partial<ProviderTarget> = {}): Promise<string> {
  const target = { name: "lmstudio", label: "LM Studio", wire: "openai", apiBase, ...more } as const;
  const provider = await createProvider({ ...target, apiKey: new Secret("sk-secret-of-the-person") });
  const events = await collect(provider.stream(toRequest("hi"), new AbortController().signal));
  const last = events.findLast(isLast);
  return last?.type === "error" ? toSaid(last.error) : "it answered";
}

async function askFaulty(fault: Fault, more: Partial<ProviderTarget> = {}): Promise<string> {
  await using server = startLlmServer([{ text: "An answer of some length, in pieces.", fault }]);
  return await ask(server.openAiBase, more);
}

/** The program, with a proxy in its environment. */
async function askThrough(proxy: string, apiBase: string): Promise<string> {
  await using bench = await ProgramBench.open({ wire: "openai" });
  await bench.configure({ providers: { openai: { apiBase, apiKey: bench.key } } });
  const variable = apiBase.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY";
  return (await bench.run(["agent", "-m", "hi"], { env: { [variable]: proxy } })).err;
}

/** Says one thing to everybody. */
function startRaw(answer: string, certificate?: Certificate) {
  const heard: string[] = [];
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    ...(certificate === undefined ? {} : { tls: certificate }),
    socket: {
      data(socket, bytes) {
        heard.push(bytes.toString());
        socket.write(answer);
        socket.end();
      },
    },
  });
  return { heard, host: `127.0.0.1:${server.port}`, [Symbol.dispose]: () => server.stop(true) };
}

function toHead(status: string, ...headers: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, "Content-Length: 0", ...headers, "", ""].join("\r\n");
}

async function askWith(certificate: Certificate, date?: string): Promise<string> {
  using server = startRaw(toHead("200 OK", ...(date === undefined ? [] : [`Date: ${date}`])), certificate);
  const said = await ask(`https://${server.host}/v1`);
  expect(server.heard.join()).not.toContain("secret-of-the-person");
  return said;
}

const past = makeCertificateFor("20200101000000Z", "20200201000000Z");
const future = makeCertificateFor("20900101000000Z", "20910101000000Z");
const present = makeCertificateFor("20200101000000Z", "20910101000000Z");

testProvocations("connection", {
  notAnAddress: {
    names: ["The address of LM Studio is not a URL", "https:// or http://"],
    provoke: () => ask("localhost:1234"),
  },
  noLocalServer: {
    names: ["Nothing answers at 127.0.0.1:1.", "LM Studio is expected there: is it running?"],
    provoke: () => ask("http://127.0.0.1:1/v1"),
  },
  unknownHost: {
    names: ["models.invalid could not be looked up", "online"],
    provoke: () => ask("http://models.invalid/v1"),
  },
  unreachable: {
    names: ["LM Studio could not be reached at 127.0.0.1:", "ECONNRESET", "firewall"],
    provoke: async () => {
      using server = startRaw("");
      return await ask(`http://${server.host}/v1`);
    },
  },
  proxyUnreachable: {
    names: ["The proxy 127.0.0.1:1 does not answer", "api.example.com", "HTTPS_PROXY", "unset HTTPS_PROXY"],
    provoke: () => askThrough("http://anna:hunter2@127.0.0.1:1", "https://api.example.com/v1"),
  },
  proxyWantsPassword: {
    names: ["wants a name and a password (407)", "HTTPS_PROXY", "http://NAME:PASSWORD@HOST:PORT"],
    provoke: async () => {
      using proxy = startRaw(toHead("407 Proxy Authentication Required"));
      return await askThrough(`http://${proxy.host}`, "https://api.example.com/v1");
    },
  },
  proxyRefused: {
    names: ["does not let us through to api.example.com (403)", "allow that host"],
    provoke: async () => {
      using proxy = startRaw(toHead("403 Forbidden"));
      return await askThrough(`http://${proxy.host}`, "https://api.example.com/v1");
    },
  },
  tlsFailed: {
    names: ["The secure connection to 127.0.0.1:", "EPROTO", "begin with http"],
    provoke: async () => {
      await using server = startLlmServer([]);
      return await ask(server.openAiBase.replace("http:", "https:"));
    },
  },
  untrusted: {
    names: ["signed by nobody this machine knows (DEPTH_ZERO_SELF_SIGNED_CERT)", "NODE_EXTRA_CA_CERTS"],
    provoke: () => askWith(present),
  },
  wrongHost: {
    names: ["is made out to another name", "apiBase"],
    provoke: async () => {
      await using bench = await ProgramBench.open({ wire: "openai" });
      const other = makeCertificateFor("20200101000000Z", "20910101000000Z", "DNS:elsewhere.example");
      using server = startRaw(toHead("200 OK"), other);
      const file = `${bench.home}/certificate.pem`;
      await Bun.write(file, other.cert);
      await bench.configure({
        providers: { openai: { apiBase: `https://${server.host}/v1`, apiKey: bench.key } },
      });
      return (await bench.run(["agent", "-m", "hi"], { env: { NODE_EXTRA_CA_CERTS: file } })).err;
    },
  },
  certificateTime: {
    names: ["has expired", "clock says 2", "set the clock"],
    provoke: () => askWith(past, new Date().toUTCString()),
  },
  clockWrong: {
    names: [
      "This machine's clock is ahead",
      "127.0.0.1",
      "says 2020-01-15 12:00 UTC",
      "sudo timedatectl set-ntp true",
    ],
    provoke: () => askWith(past, "Wed, 15 Jan 2020 12:00:00 GMT"),
  },
  late: {
    names: ["LM Studio did not answer within 0.05 s", "/model"],
    provoke: () => askFaulty({ type: "silence" }, { timeouts: { firstByteMs: 50 } }),
  },
  silent: {
    names: ["LM Studio fell silent for 0.05 s", "Try again"],
    provoke: () => askFaulty({ type: "silence", afterBytes: 20 }, { timeouts: { idleMs: 50 } }),
  },
  endedEarly: {
    names: ["LM Studio ended its answer too early", "Try again"],
    provoke: () => askFaulty({ type: "cut", afterBytes: 0, cleanly: true }),
  },
  unreadable: {
    names: ["an answer that cannot be read", "apiBase"],
    provoke: () => askFaulty({ type: "malformed" }),
  },
} satisfies Record<keyof Failures["connection"], Provocation>);

describe("behind a certificate that is not valid at this hour", () => {
  test("a clock that is behind is told as that", async () => {
    expect(await askWith(future, "Sat, 15 Jun 2090 12:00:00 GMT")).toContain(
      "This machine's clock is behind",
    );
  });

  test("a server that gives no time leaves the question to the person", async () => {
    expect(await askWith(future)).toContain("is not valid yet. This machine's clock says");
  });
});

describe("the proxy in the words", () => {
  test.each([
    [{ HTTPS_PROXY: "http://anna:hunter2@proxy:3128" }, "https://a.example", "proxy:3128"],
    [{ https_proxy: "one:1", HTTPS_PROXY: "two:2" }, "https://a.example", "one:1"],
    [{ HTTPS_PROXY: "http://proxy:3128" }, "http://a.example", undefined],
    [{ HTTP_PROXY: "proxy:3128", NO_PROXY: "example" }, "http://a.example", undefined],
    [{ HTTP_PROXY: "proxy:3128", no_proxy: "*" }, "http://a.example", undefined],
    [{ HTTP_PROXY: "proxy:3128", NO_PROXY: "ample" }, "http://a.example", "proxy:3128"],
    [{ HTTP_PROXY: "%%%" }, "http://a.example", "that is configured"],
    [{}, "http://a.example", undefined],
  ])("%j for %s is %p", (environment, apiBase, host) => {
    expect(findProxy(environment, apiBase)?.host).toBe(host);
  });
});
