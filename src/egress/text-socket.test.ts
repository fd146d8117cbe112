import { expect, test } from "bun:test";
import type { DialGuard } from "./dial.ts";
import { openTextSocket } from "./text-socket.ts";

const never = (): AbortSignal => AbortSignal.timeout(10_000);
const local: DialGuard = {
  allow: () => true,
  allowsAddress: () => true,
  lookup: () => Promise.resolve(["127.0.0.1"]),
};

function serve() {
  const hosts: (string | null)[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, self) {
      hosts.push(request.headers.get("host"));
      return self.upgrade(request) ? undefined : new Response("no", { status: 400 });
    },
    websocket: {
      open(socket) {
        socket.send("first");
        socket.send("second");
      },
      message(socket, text) {
        if (text === "end") socket.close(4004, "over");
        else socket.send(`echo ${String(text)}`);
      },
    },
  });
  return { port: server.port ?? 0, hosts, [Symbol.asyncDispose]: () => server.stop(true) };
}

test("what comes before anybody reads is kept, in its order, and the end says why", async () => {
  await using server = serve();
  const url = new URL(`ws://example.test:${server.port}/`);
  using socket = await openTextSocket(url, local, never());
  expect(server.hosts).toEqual([`example.test:${server.port}`]);
  socket.send("hi");
  expect([await socket.read(), await socket.read(), await socket.read()]).toEqual([
    "first",
    "second",
    "echo hi",
  ]);
  socket.send("end");
  expect(await socket.read()).toBeUndefined();
  expect(await socket.closed).toEqual({ code: 4004, reason: "over" });
});

test("who is asked for a sign of life gives one", async () => {
  await using server = serve();
  using socket = await openTextSocket(new URL(`ws://example.test:${server.port}/`), local, never());
  await socket.read();
  await socket.read();
  const before = socket.signs;
  socket.ping();
  socket.send("and");
  expect(await socket.read()).toBe("echo and");
  expect(socket.signs).toBe(before + 2);
});

test("a name is asked for before it is looked up, and what it leads to before it is dialled", async () => {
  await using server = serve();
  const url = new URL(`ws://rebound.test:${server.port}/`);
  const refusing = { ...local, allow: () => false };
  await expect(openTextSocket(url, refusing, never())).rejects.toMatchObject({ code: "denied" });
  const { allowsAddress: _, ...checked } = local;
  await expect(openTextSocket(url, checked, never())).rejects.toMatchObject({ code: "denied" });
  expect(server.hosts).toEqual([]);
  using socket = await openTextSocket(url, local, never());
  expect(await socket.read()).toBe("first");
});

test("where nobody listens, or the certificate is another's, nothing is opened, and it is told apart", async () => {
  const nobody = openTextSocket(new URL("ws://example.test:1/"), local, never());
  await expect(nobody).rejects.toMatchObject({ code: "ConnectionRefused" });
  const { makeCertificateFor } = await import("../../test/fakes/certificate.ts");
  const certificate = makeCertificateFor("20200101000000Z", "20400101000000Z", "DNS:other.test");
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: certificate,
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response("no")),
    websocket: { message: () => {} },
  });
  const stranger = openTextSocket(new URL(`wss://example.test:${server.port}/`), local, never());
  await expect(stranger).rejects.toMatchObject({ code: "ERR_TLS_HANDSHAKE" });
});

test("whoever stops waiting leaves nothing open", async () => {
  using silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const stop = new AbortController();
  const opening = openTextSocket(new URL(`ws://example.test:${silent.port}/`), local, stop.signal);
  stop.abort(new Error("enough"));
  await expect(opening).rejects.toThrow("enough");
});
