import { expect, test } from "bun:test";
import { toWireHandler, type Wire } from "./wire.ts";
import { guardedConnect, guardedFetch } from "./egress/dial.ts";
import { openTextSocket } from "./egress/text-socket.ts";
import { openLocalBridge } from "./local-bridge.ts";

const signal = AbortSignal.timeout(10_000);
const anywhere = { allow: () => true, allowsAddress: () => true };

/** A SOCKS5 proxy that leads every name to this machine, and says what it was asked. */
function startSocks(password?: string) {
  const asked: string[] = [];
  const read = async (wire: Wire): Promise<Uint8Array> => (await wire.read()) ?? new Uint8Array();
  async function serve(wire: Wire): Promise<void> {
    const greeting = await read(wire);
    const wanted = password === undefined ? 0 : 2;
    if (!greeting.subarray(2).includes(wanted)) return void (await wire.write(Uint8Array.from([5, 255])));
    await wire.write(Uint8Array.from([5, wanted]));
    if (password !== undefined) {
      const given = Buffer.from(await read(wire))
        .toString("latin1")
        .slice(2)
        .replace(/[\0-\u001f]/g, ":");
      await wire.write(Uint8Array.from([1, given === `anna:${password}` ? 0 : 1]));
      if (given !== `anna:${password}`) return;
    }
    const request = Buffer.from(await read(wire));
    const host = request.subarray(5, -2).toString();
    const port = request.readUInt16BE(request.length - 2);
    asked.push(`${host}:${port}`);
    const outer = await guardedConnect("127.0.0.1", port, anywhere, signal).catch(() => undefined);
    await wire.write(Uint8Array.from([5, outer === undefined ? 5 : 0, 0, 1, 127, 0, 0, 1, 0, 80]));
    if (outer === undefined) return;
    const pass = async (from: Wire, to: Wire): Promise<void> => {
      for (let chunk = await from.read(); chunk !== undefined; chunk = await from.read())
        await to.write(chunk);
      to.end();
    };
    await Promise.all([pass(wire, outer), pass(outer, wire)]);
  }
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    socket: toWireHandler((wire) => void serve(wire)),
  });
  return { port: server.port, asked, [Symbol.dispose]: () => server.stop(true) };
}

function startEcho() {
  const socket = { data: (each: Bun.Socket, chunk: Buffer) => void each.write(`echo ${chunk.toString()}`) };
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket });
  return { port: server.port, [Symbol.dispose]: () => server.stop(true) };
}

/** What comes back through the bridge for a request as `fetch` makes one. */
async function talk(proxy: string, host: string, port: number, user?: string): Promise<string> {
  const { port: at, username, password } = new URL(proxy);
  using wire = await guardedConnect("127.0.0.1", Number(at), anywhere, signal);
  const credentials = Buffer.from(user ?? `${username}:${password}`).toString("base64");
  await wire.write(
    `CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`,
  );
  const first = Buffer.from((await wire.read()) ?? []).toString();
  if (!first.startsWith("HTTP/1.1 200")) return first.split("\r\n")[0] ?? "";
  await wire.write("hi");
  return Buffer.from((await wire.read()) ?? []).toString();
}

const connect = (host: string, port: number) => guardedConnect(host, port, anywhere, signal);

test.each([[undefined], ["a secret"]])(
  "bytes go both ways through the proxy, which looks the name up (password: %s)",
  async (password) => {
    using echo = startEcho();
    using socks = startSocks(password);
    const user = password === undefined ? "" : `anna:${encodeURIComponent(password)}@`;
    const proxy = new URL(`socks5://${user}127.0.0.1:${socks.port}`);
    using bridge = openLocalBridge({ proxy, host: "api.example", port: echo.port, connect }, signal);
    expect(await talk(bridge.proxy, "api.example", echo.port)).toBe("echo hi");
    expect(socks.asked).toEqual([`api.example:${echo.port}`]);
  },
);

test("nobody else gets through the bridge, and to no other place", async () => {
  using echo = startEcho();
  using socks = startSocks();
  const proxy = new URL(`socks5://127.0.0.1:${socks.port}`);
  using bridge = openLocalBridge({ proxy, host: "api.example", port: echo.port, connect }, signal);
  const refusal = "HTTP/1.1 407 Proxy Authentication Required";
  expect(await talk(bridge.proxy, "api.example", echo.port, "bridge:guessed")).toBe(refusal);
  expect(await talk(bridge.proxy, "elsewhere.example", echo.port)).toBe(refusal);
  expect(await talk(bridge.proxy, "api.example", echo.port + 1)).toBe(refusal);
  expect(socks.asked).toEqual([]);
});

test("a password that the proxy does not take, and a place that it does not reach, are a connection that is not made", async () => {
  using socks = startSocks("right");
  const proxy = new URL(`socks5://anna:wrong@127.0.0.1:${socks.port}`);
  using bridge = openLocalBridge({ proxy, host: "api.example", port: 1, connect }, signal);
  expect(await talk(bridge.proxy, "api.example", 1)).toBe("HTTP/1.1 502 Bad Gateway");
});

test("the dialer goes through it to what is allowed, and sends nothing in the open", async () => {
  using socks = startSocks();
  const proxy = `socks5://127.0.0.1:${socks.port}`;
  const guard = { allow: (host: string) => host === "api.example", proxy };
  const call = (url: string) => guardedFetch(new Request(url), guard, signal);
  await expect(call("https://other.example/")).rejects.toMatchObject({ code: "denied" });
  await expect(call("http://api.example/")).rejects.toMatchObject({ code: "denied" });
  await expect(call("https://api.example:1/")).rejects.toBeDefined();
  expect(socks.asked).toEqual(["api.example:1"]);
});

test("an HTTP proxy of the owner's is asked for what is allowed, by its name", async () => {
  const asked: string[] = [];
  await using server = (() => {
    const started = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => {
        asked.push(`${request.method} ${request.url}`);
        return new Response("through");
      },
    });
    return { port: started.port, [Symbol.asyncDispose]: () => started.stop(true) };
  })();
  const guard = { allow: (host: string) => host === "api.example", proxy: `http://127.0.0.1:${server.port}` };
  const answer = await guardedFetch(new Request("http://api.example/x"), guard, signal);
  expect(await answer.text()).toBe("through");
  await expect(guardedFetch(new Request("http://other.example/x"), guard, signal)).rejects.toMatchObject({
    code: "denied",
  });
  expect(asked).toEqual(["GET http://api.example/x"]);
});

test("a WebSocket goes through it as well, for as long as it is open", async () => {
  using socks = startSocks();
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response("no")),
    websocket: { message: (socket, text) => void socket.send(`echo ${String(text)}`) },
  });
  const guard = { allow: (host: string) => host === "chat.test", proxy: `socks5://127.0.0.1:${socks.port}` };
  using socket = await openTextSocket(new URL(`ws://chat.test:${server.port}/`), guard, signal);
  socket.send("hi");
  expect([await socket.read(), socks.asked]).toEqual(["echo hi", [`chat.test:${server.port}`]]);
  const elsewhere = openTextSocket(new URL(`ws://other.test:${server.port}/`), guard, signal);
  await expect(elsewhere).rejects.toMatchObject({ code: "denied" });
});
