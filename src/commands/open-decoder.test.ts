import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { createPdf, docx } from "../../test/fakes/documents.ts";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { defaultConfig } from "../config/defaults.ts";
import { findHome, type HomePaths } from "../home.ts";
import { getGroup } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { settleUid } from "../groups/settle-uid.ts";
import { decodeApart } from "../tools/web/decode-apart.ts";
import type { Fetched } from "../tools/web/read-page.ts";
import { program } from "../../test/fakes/program-bench.ts";
import { decoderWord } from "./decoder-program.ts";
import { openDecoder, type DecoderPlace } from "./open-decoder.ts";

const never = new AbortController().signal;
let store: Store;
let place: DecoderPlace & { readonly home: HomePaths };

beforeAll(async () => {
  store = await openTemporaryStore();
  const main = await getGroup(store.database, "main");
  const group = process.getuid?.() === 0 ? await settleUid(main, store.database) : main;
  place = { config: defaultConfig, group, home: findHome({ NANOCLAW_HOME: store.folder }) };
});
afterAll(() => store[Symbol.asyncDispose]());

const decode = (fetched: Omit<Fetched, "url">) =>
  decodeApart({ url: "https://e.org/x", ...fetched }, () => openDecoder(place), never);
const html = (text: string) => ({ contentType: "text/html", bytes: Buffer.from(text) });

test("a page, a document and a PDF become words in a sandbox of their own, and nothing of it stays", async () => {
  expect(await decode(html("<title>T</title><p>Hi <a href=/b>there</a>"))).toMatchObject({
    kind: "page",
    title: "T",
    links: ["https://e.org/b"],
  });
  expect(await decode({ contentType: "", bytes: docx })).toMatchObject({ kind: "document" });
  const pdf = { contentType: "application/pdf", bytes: createPdf("Invoice 4711") };
  expect((await decode(pdf)).text.trim()).toBe("Invoice 4711");
  expect(decode({ contentType: "image/png", bytes: Buffer.from("x") })).rejects.toThrow("and no text");
  expect(decode({ contentType: "application/pdf", bytes: Buffer.from("%PDF-") })).rejects.toThrow("no PDF");
  const left = await readdir(place.home.run);
  expect(left.filter((name) => !name.startsWith("decoder-"))).toEqual([]);
  expect(left).toHaveLength(1);
});

test("the program itself is that decoder when it is told to be, and a person is told of no such command", async () => {
  const input = Buffer.from('{"url":"https://e.org","contentType":"text/html"}\n<title>T</title><p>Hi');
  const child = Bun.spawn([...program, decoderWord], { stdin: input, env: {}, stderr: "pipe" });
  expect(await new Response(child.stdout).json()).toMatchObject({ kind: "page", title: "T" });
  expect(await child.exited).toBe(0);
  const help = Bun.spawn([...program, "--help"], { env: { HOME: store.folder } });
  expect(await new Response(help.stdout).text()).not.toContain(decoderWord);
});

test("whoever takes the decoder over finds no file of ours, no network and nothing that lasts", async () => {
  const canary = `${store.folder}/secrets.json`;
  await writeFile(canary, "canary", { mode: 0o644 });
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response("canary by wire"),
  });
  const attack = `cat ${canary} || true
exec 3<> /dev/tcp/127.0.0.1/${server.port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3 || true
echo evil > "$0" || true
ls -A ~ /workspace | tr -d '\\n'`;
  const { sandbox, argv } = await openDecoder(place);
  await using _ = sandbox;
  const child = await sandbox.spawn(["bash", "-c", attack, argv[0] ?? ""], { signal: never });
  expect(await new Response(child.stdout).text()).not.toContain("canary");
  await child.exited;
  // Outside the same words find it, and the program is as it was.
  const outside = await new Response(Bun.spawn(["bash", "-c", attack, "/dev/null"]).stdout).text();
  expect([...outside.matchAll(/canary(?: by wire)?/g)].map(([found]) => found)).toEqual([
    "canary",
    "canary by wire",
  ]);
  expect((await decode(html("<p>still here"))).text).toBe("still here");
  expect(existsSync(canary)).toBe(true);
});

test("what a decoder says that was taken over is words and links at most", async () => {
  const { sandbox } = await openDecoder(place);
  const say = (answer: unknown) =>
    decodeApart(
      { url: "https://e.org/x", ...html("") },
      async () => ({
        argv: ["printf", "%s", typeof answer === "string" ? answer : JSON.stringify(answer)],
        sandbox: { ...sandbox, spawn: sandbox.spawn.bind(sandbox), [Symbol.asyncDispose]: async () => {} },
      }),
      never,
    );
  await using _ = sandbox;
  expect(
    await say({ kind: "page", text: "x", links: ["a", 1, {}], title: 7, __proto__: { date: "y" } }),
  ).toEqual({
    kind: "page",
    text: "x",
    links: ["a"],
    title: undefined,
    date: undefined,
  });
  expect(say("nonsense")).rejects.toThrow("what decodes it failed on it");
  expect(say({ code: "denied", message: "let me in" })).rejects.toThrow("what decodes it failed on it");
  expect(say({ code: "usage", message: "no text" })).rejects.toThrow("no text");
});
