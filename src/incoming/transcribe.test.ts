import { expect, test } from "bun:test";
import { defaultConfig } from "../config/defaults.ts";
import type { Keyring } from "../keyring.ts";
import { silentLog } from "../log.ts";
import { Secret } from "../secret.ts";
import { createTranscribe } from "./transcribe.ts";

const noKeys: Keyring = { findIn: () => undefined };
const signal = new AbortController().signal;
const voice = { name: "voice.ogg", bytes: Uint8Array.from([1, 2, 3]) };

/** A server that hears; what it was asked. */
function listen(answer: () => Response) {
  const asked: { path: string; key: string | null; fields: Record<string, unknown> }[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const form = await request.formData();
      const fields: Record<string, unknown> = {};
      for (const [name, value] of form.entries())
        fields[name] = typeof value === "string" ? value : value.name;
      asked.push({ path: new URL(request.url).pathname, key: request.headers.get("authorization"), fields });
      return answer();
    },
  });
  return {
    base: `http://127.0.0.1:${server.port}/v1`,
    asked,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const withServer = (apiBase: string) => ({
  ...defaultConfig,
  transcription: { apiBase, apiKey: new Secret("key-of-the-ear"), model: "small", language: "de" },
});

test("a recording is heard by the server that the owner names, in his language", async () => {
  await using server = listen(() => Response.json({ text: " Hallo. " }));
  const hear = createTranscribe(withServer(server.base), noKeys, silentLog);
  expect(await hear(voice, signal)).toEqual({ text: "Hallo." });
  expect(server.asked).toEqual([
    {
      path: "/v1/audio/transcriptions",
      key: "Bearer key-of-the-ear",
      fields: { model: "small", response_format: "json", language: "de", file: "voice.ogg" },
    },
  ]);
});

test("a key of Groq is enough, at the address that is configured for it", async () => {
  await using server = listen(() => Response.json({ text: "hi" }));
  const provider = {
    apiKey: new Secret("gsk_of_a_test"),
    apiBase: server.base,
    wire: null,
    package: null,
    factory: null,
  };
  const config = { ...defaultConfig, providers: { groq: { ...provider, extraHeaders: {}, options: {} } } };
  expect(await createTranscribe(config, noKeys, silentLog)(voice, signal)).toEqual({ text: "hi" });
  expect(server.asked[0]).toMatchObject({
    key: "Bearer gsk_of_a_test",
    fields: { model: "whisper-large-v3-turbo" },
  });
});

test("where nobody hears, it is said why", async () => {
  expect(await createTranscribe(defaultConfig, noKeys, silentLog)(voice, signal)).toMatchObject({
    problem: expect.stringContaining("transcription.apiBase") as string,
  });
  await using server = listen(() => new Response("", { status: 500 }));
  const hear = createTranscribe(withServer(server.base), noKeys, silentLog);
  expect(await hear(voice, signal)).toEqual({ problem: "The recording could not be heard: HTTP 500." });
  const nobody = createTranscribe(withServer("http://127.0.0.1:1/v1"), noKeys, silentLog);
  expect(await nobody(voice, signal)).toMatchObject({
    problem: expect.stringContaining("did not answer") as string,
  });
});
