import { expect, test } from "bun:test";
import { makeCertificateFor } from "../../test/fakes/certificate.ts";
import { guardedConnect, guardedFetch, type DialGuard } from "./dial.ts";

const never = () => AbortSignal.timeout(10_000);
const open: DialGuard = {
  allow: () => true,
  allowsAddress: () => true,
  lookup: () => Promise.resolve(["127.0.0.1"]),
};

function serve(answer: (request: Request) => Response | Promise<Response>) {
  const seen: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      seen.push(`${request.method} ${request.url}`);
      return answer(request);
    },
  });
  return { port: server.port ?? 0, seen, [Symbol.asyncDispose]: () => server.stop(true) };
}

test("a name is asked for before it is looked up, and looked up before it is dialled", async () => {
  const asked: string[] = [];
  const guard: DialGuard = {
    allow: (host, port) => (asked.push(`${host}:${port}`), false),
    lookup: (host) => (asked.push(`lookup ${host}`), Promise.resolve(["127.0.0.1"])),
  };
  const call = guardedFetch(new Request("http://Example.COM./x"), guard, never());
  await expect(call).rejects.toMatchObject({ code: "denied" });
  expect(asked).toEqual(["example.com:80"]);
});

test("what a name leads to is dialled as it was checked, and the server is told the name", async () => {
  await using server = serve((request) => new Response(request.headers.get("host")));
  let lookups = 0;
  // Another address at the second question, as an attacker's name server answers.
  const lookup = () => Promise.resolve(lookups++ === 0 ? ["127.0.0.1"] : ["10.0.0.1"]);
  const url = `http://example.test:${server.port}/`;
  const answer = await guardedFetch(new Request(url), { ...open, lookup }, never());
  expect(await answer.text()).toBe(`example.test:${server.port}`);
  expect(lookups).toBe(1);
});

test("a name that leads anywhere but to the open internet is not dialled", async () => {
  await using server = serve(() => new Response("inside"));
  const url = `http://rebound.test:${server.port}/`;
  for (const found of [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::1"], ["::ffff:7f00:1"], []]) {
    const guard = { allow: () => true, lookup: () => Promise.resolve(found) };
    await expect(guardedFetch(new Request(url), guard, never())).rejects.toBeDefined();
    await expect(guardedConnect("rebound.test", server.port, guard, never())).rejects.toBeDefined();
  }
  expect(server.seen).toEqual([]);
  const withoutCheck = await guardedFetch(new Request(url), open, never());
  expect(await withoutCheck.text()).toBe("inside");
});

test("an address in any spelling is checked like what it is", async () => {
  await using server = serve(() => new Response("inside"));
  const guard: DialGuard = { allow: () => true };
  for (const host of [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
  ]) {
    const call = guardedFetch(new Request(`http://${host}:${server.port}/`), guard, never());
    await expect(call).rejects.toMatchObject({ code: "denied" });
  }
  expect(server.seen).toEqual([]);
  await guardedFetch(new Request(`http://0x7f.1:${server.port}/`), open, never());
  expect(server.seen).toHaveLength(1);
});

test("a whole body goes to the name's next address when the first does not answer", async () => {
  await using server = serve(async (request) => new Response(await request.text()));
  const lookup = () => Promise.resolve(["127.0.0.9", "127.0.0.1"]);
  const request = new Request(`http://two.test:${server.port}/`, { method: "POST" });
  const answer = await guardedFetch(request, { ...open, lookup }, never(), "the body");
  expect(await answer.text()).toBe("the body");
});

test("a redirect is handed back, not followed", async () => {
  await using inside = serve(() => new Response("inside"));
  await using server = serve(() => Response.redirect(`http://127.0.0.1:${inside.port}/`));
  const answer = await guardedFetch(new Request(`http://outside.test:${server.port}/`), open, never());
  expect(answer.status).toBe(302);
  expect(inside.seen).toEqual([]);
});

test("a body comes as it was sent, and goes with its length", async () => {
  const packed = Bun.gzipSync("hello");
  await using server = serve(async (request) => {
    const length = request.headers.get("content-length") ?? "none";
    const headers = { "content-encoding": "gzip", "x-got": `${length} ${await request.text()}` };
    return new Response(packed, { headers });
  });
  const request = new Request(`http://upload.test:${server.port}/`, {
    method: "POST",
    headers: { "content-length": "5" },
    body: new ReadableStream({
      start(controller) {
        for (const part of ["he", "llo"]) controller.enqueue(Buffer.from(part));
        controller.close();
      },
    }),
  });
  const answer = await guardedFetch(request, open, never());
  expect(answer.headers.get("x-got")).toBe("5 hello");
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(packed);
});

test("an encrypted connection is checked by the name that was asked for", async () => {
  const { key, cert } = makeCertificateFor("20200101000000Z", "20990101000000Z", "DNS:secure.test");
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { key, cert },
    fetch: () => new Response("ok"),
  });
  // An authority that nobody knows: the refusal shows that the certificate was looked at.
  const call = guardedFetch(new Request(`https://secure.test:${server.port}/`), open, never());
  await expect(call).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
});

test("a cancelled dial rejects with the reason of its signal", async () => {
  const guard: DialGuard = { ...open, lookup: () => Promise.withResolvers<string[]>().promise };
  const stop = new AbortController();
  const call = guardedConnect("slow.test", 80, guard, stop.signal);
  stop.abort("enough");
  await expect(call).rejects.toBe("enough");
});

test("a connection carries bytes both ways and ends on each side by itself", async () => {
  using server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    socket: {
      data: (socket, bytes) => void socket.write(bytes),
      end: (socket) => void socket.end("bye"),
    },
  });
  using wire = await guardedConnect("echo.test", server.port, open, never());
  await wire.write("hello");
  expect(Buffer.from((await wire.read()) ?? []).toString()).toBe("hello");
  wire.end();
  expect(Buffer.from((await wire.read()) ?? []).toString()).toBe("bye");
  expect(await wire.read()).toBeUndefined();
});
