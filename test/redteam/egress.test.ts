import { setLevel } from "../../src/store/group-level.ts";
import { getGroup } from "../../src/store/groups.ts";
import { describe, expect, test } from "bun:test";
import { EgressBench, loopbackIsOutside, startOutside } from "../fakes/egress-bench.ts";

/** What is asked for, with `PORT` for the port of a server that must not be reached by it. */
const places: Readonly<Record<string, string>> = {
  "a host that is not listed": "CONNECT evil.test:PORT HTTP/1.1\r\nHost: evil.test:PORT",
  "a listed host on another port": "CONNECT allowed.test:PORT HTTP/1.1\r\nHost: allowed.test:PORT",
  "a listed name as the beginning of another": "CONNECT listed.test.evil.test:PORT HTTP/1.1\r\nHost: x",
  "a listed name as the end of another": "CONNECT evillisted.test:PORT HTTP/1.1\r\nHost: x",
  "the domain of which only what is below it is listed": "CONNECT wild.test:PORT HTTP/1.1\r\nHost: x",
  "this machine by name": "CONNECT localhost:PORT HTTP/1.1\r\nHost: x",
  "this machine by address": "CONNECT 127.0.0.1:PORT HTTP/1.1\r\nHost: x",
  "this machine as one decimal number": "CONNECT 2130706433:PORT HTTP/1.1\r\nHost: x",
  "this machine in hexadecimal": "CONNECT 0x7f.1:PORT HTTP/1.1\r\nHost: x",
  "this machine in octal": "CONNECT 0177.0.0.1:PORT HTTP/1.1\r\nHost: x",
  "this machine in IPv6": "CONNECT [::1]:PORT HTTP/1.1\r\nHost: x",
  "this machine as IPv4 in IPv6": "CONNECT [::ffff:127.0.0.1]:PORT HTTP/1.1\r\nHost: x",
  "a listed host as a user name": "CONNECT listed.test@evil.test:PORT HTTP/1.1\r\nHost: x",
  "a listed host before an encoded zero": "CONNECT listed.test%00.evil.test:PORT HTTP/1.1\r\nHost: x",
  "a host without a port": "CONNECT listed.test HTTP/1.1\r\nHost: x",
  "a path to CONNECT to": "CONNECT listed.test:PORT/x HTTP/1.1\r\nHost: x",
  "a host that is not listed, in the clear": "GET http://evil.test:PORT/ HTTP/1.1\r\nHost: evil.test:PORT",
  "a listed host in the Host header only": "GET http://evil.test:PORT/ HTTP/1.1\r\nHost: listed.test:PORT",
  "another host in the Host header": "GET http://listed.test:PORT/ HTTP/1.1\r\nHost: evil.test:PORT",
  "another port in the Host header": "GET http://listed.test:PORT/ HTTP/1.1\r\nHost: listed.test:1",
  "no Host header": "GET http://listed.test:PORT/ HTTP/1.1",
  "a listed host as a user name, in the clear":
    "GET http://listed.test@evil.test:PORT/ HTTP/1.1\r\nHost: listed.test:PORT",
  "encryption by the proxy itself": "GET https://listed.test:PORT/ HTTP/1.1\r\nHost: listed.test:PORT",
  "a file": "GET file:///etc/passwd HTTP/1.1\r\nHost: listed.test",
  "another protocol": "GET gopher://listed.test:PORT/ HTTP/1.1\r\nHost: listed.test:PORT",
  "a grant that is not there": "GET /github/user HTTP/1.1\r\nHost: listed.test:PORT",
  "headers that name another group":
    "CONNECT evil.test:PORT HTTP/1.1\r\nHost: x\r\nX-Group: main\r\nProxy-Authorization: Basic bWFpbjo=",
};

describe("what is not allowed", () => {
  test.each(Object.keys(places))("%s is refused before anything is looked up", async (name) => {
    using outside = startOutside();
    const hosts = [`listed.test:${outside.port}`, `*.wild.test:${outside.port}`, "allowed.test:1"];
    await using bench = await EgressBench.open({ hosts });
    const request = `${(places[name] ?? "").replaceAll("PORT", String(outside.port))}\r\n\r\n`;
    expect(await bench.status(request)).toMatch(/^40[034] /);
    expect([outside.connections, bench.lookups]).toEqual([0, []]);
    // The twin: what is listed is reached from the same place.
    const twin = `GET http://listed.test:${outside.port}/ HTTP/1.1\r\nHost: listed.test:${outside.port}\r\n\r\n`;
    expect(await bench.status(twin)).toBe("200 OK");
    expect(bench.lookups).toEqual(["listed.test"]);
  });

  test("with the host on the list the very same bytes get out", async () => {
    using outside = startOutside();
    const hosts = [
      "evil.test",
      "allowed.test",
      "listed.test.evil.test",
      "evillisted.test",
      "wild.test",
      "localhost",
    ];
    await using bench = await EgressBench.open({ hosts: hosts.map((host) => `${host}:${outside.port}`) });
    const hostCases = Object.values(places).filter((text) => /^CONNECT [a-z.]+:PORT HTTP/.test(text));
    for (const text of hostCases) {
      const request = `${text.replaceAll("PORT", String(outside.port))}\r\n\r\n`;
      expect(await bench.send(request, "GET / HTTP/1.0\r\n\r\n")).toEndWith("\r\n\r\nok");
    }
    expect(outside.connections).toBe(hostCases.length);
  });

  test("a locked group without a policy has no way out at all; any other has a door that lets nothing through", async () => {
    using outside = startOutside();
    await using none = await EgressBench.open();
    expect(await none.egress.isOpen()).toBe(true);
    const request = `GET http://new.test:${outside.port}/ HTTP/1.1\r\nHost: new.test:${outside.port}\r\n\r\n`;
    expect(await none.status(request)).toStartWith("403 ");
    expect([outside.connections, none.lookups]).toEqual([0, []]);
    const { id } = await getGroup(none.store.database, none.group);
    await none.store.database.transaction((tx) => setLevel(tx, id, "locked"));
    expect(await none.egress.isOpen()).toBe(false);
  });

  test("a person is told once what would allow a host", async () => {
    await using bench = await EgressBench.open({ hosts: ["listed.test"] });
    expect(await bench.egress.isOpen()).toBe(true);
    for (const port of [443, 443, 8443, 8443])
      await bench.send(`CONNECT new.test:${port} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(bench.notices).toEqual([
      "Not let out to new.test. The owner has not allowed this host. Allow it: nanoclaw groups egress allow family new.test",
      "Not let out to new.test:8443. The owner has not allowed this host. Allow it: nanoclaw groups egress allow family new.test:8443",
    ]);
    expect(await bench.record()).toEqual([
      ...Array<string>(2).fill("deny CONNECT new.test:443"),
      ...Array<string>(2).fill("deny CONNECT new.test:8443"),
    ]);
  });

  test("a list that cannot be understood lets nothing out, and says so", async () => {
    using outside = startOutside();
    await using bench = await EgressBench.open({ hosts: [`listed.test:${outside.port}`] });
    const request = `GET http://listed.test:${outside.port}/ HTTP/1.1\r\nHost: listed.test:${outside.port}\r\n\r\n`;
    expect(await bench.status(request)).toBe("200 OK");
    await bench.store.database.transaction((tx) =>
      tx.run("INSERT INTO egress_rules VALUES (2, '*', 0, '[]', 0)"),
    );
    expect(await bench.status(request)).toStartWith("403 ");
    expect(bench.notices.join()).toContain("nanoclaw groups egress deny family '*'");
    expect(outside.connections).toBe(1);
  });
});

const host = "listed.test";
/** Each would be two requests for one of two servers in a row. `BODY` is where the second one hides. */
const hidden = "GET http://listed.test/smuggled HTTP/1.1\r\nHost: listed.test\r\n\r\n";
const smuggled: Readonly<Record<string, string>> = {
  "two kinds of length": `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  "two lengths": `Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  "one length said twice": `Content-Length: 0\r\nContent-Length: 0\r\n\r\n${hidden}`,
  "a list of lengths": `Content-Length: 0, ${hidden.length}\r\n\r\n${hidden}`,
  "a length with a sign": `Content-Length: +0\r\n\r\n${hidden}`,
  "a length in hexadecimal": `Content-Length: 0x0\r\n\r\n${hidden}`,
  "an encoding that only looks chunked": `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
  "a list of encodings": `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
  "two encodings": `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`,
  "an encoding behind a vertical tab": `Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${hidden}`,
  "a space before the colon": `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
  "a folded line": `X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  "a line that ends in LF alone": `X-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  "a line that ends in CR alone": `X-A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  "a zero byte": `X-A: b\0\r\n\r\n${hidden}`,
  "a line without a colon": `X-A\r\n\r\n${hidden}`,
  "a chunk with an extension": `Transfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0\r\n\r\n${hidden}`,
  "a chunk whose line ends in LF": `Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n${hidden}`,
  "a chunk longer than it says": `Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n${hidden}`,
  "a chunk with a negative size": `Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n${hidden}`,
  "a trailer": `Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: b\r\n\r\n${hidden}`,
  "a second Host": `Host: evil.test\r\nContent-Length: 0\r\n\r\n${hidden}`,
  "a second request behind the first": `Content-Length: 0\r\n\r\n${hidden}`,
  "a second request behind a body": `Content-Length: 2\r\n\r\nhi${hidden}`,
  "a second request behind the last chunk": `Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n${hidden}`,
};

describe("a request that two servers would read differently", () => {
  test.each(Object.keys(smuggled))("%s brings no second request out", async (name) => {
    using outside = startOutside();
    const place = `${host}:${outside.port}`;
    const text = `POST http://${place}/ HTTP/1.1\r\nHost: ${place}\r\n${smuggled[name]}`;
    await using bench = await EgressBench.open({ hosts: [place] });
    await bench.send(text);
    expect(outside.heard.join("")).not.toContain("smuggled");
    // The twin, and the same bytes through a proxy that reads the first line and hands on the rest.
    expect(
      await bench.status(`POST http://${place}/ HTTP/1.1\r\nHost: ${place}\r\nContent-Length: 2\r\n\r\nhi`),
    ).toBe("200 OK");
    await relayUnread(outside.port, text);
    expect(outside.heard.join("")).toContain("smuggled");
  });

  test("a request for HTTP/1.0 with chunks, an unknown method's shape and a version of the future are refused", async () => {
    await using bench = await EgressBench.open({ hosts: [host] });
    for (const head of [
      `POST http://${host}/ HTTP/1.0\r\nTransfer-Encoding: chunked`,
      `get http://${host}/ HTTP/1.1`,
      `GET  http://${host}/ HTTP/1.1`,
      `GET http://${host}/ HTTP/2.0`,
      `GET http://${host}/`,
      "\x16\x03\x01",
    ])
      expect(await bench.status(`${head}\r\nHost: ${host}\r\n\r\n`)).toStartWith("400 ");
    expect(bench.lookups).toEqual([]);
  });

  test("what belongs to one connection is not handed on, in either direction", async () => {
    using outside = startOutside(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nAlt-Svc: h3=x\r\nX-Own: 1\r\n\r\nok",
    );
    const place = `${host}:${outside.port}`;
    await using bench = await EgressBench.open({ hosts: [place] });
    const headers =
      "Proxy-Authorization: Basic c2VjcmV0\r\nConnection: X-Named, close\r\nX-Named: 1\r\nUpgrade: websocket";
    const answer = await bench.send(
      `GET http://${place}/ HTTP/1.1\r\nHost: ${place}\r\n${headers}\r\nX-Kept: 1\r\n\r\n`,
    );
    const heard = outside.heard.join("").toLowerCase();
    expect(heard).toContain("x-kept: 1");
    for (const gone of ["proxy-", "c2VjcmV0", "x-named", "upgrade"])
      expect(heard).not.toContain(gone.toLowerCase());
    expect(answer.toLowerCase()).toContain("x-own: 1");
    for (const gone of ["keep-alive", "upgrade"]) expect(answer.toLowerCase()).not.toContain(gone);
  });
});

async function relayUnread(port: number, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = { data() {}, close: () => resolve(), error: () => resolve() };
  const outside = await Bun.connect({ hostname: "127.0.0.1", port, socket });
  outside.write(Buffer.from(text, "latin1"));
  await promise;
}

describe("where a name leads", () => {
  const inward = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
  ];
  const inward6 = [
    "::1",
    "::",
    "::7f00:1",
    "::ffff:7f00:1",
    "fd00:ec2::254",
    "fe80::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
  ];

  test.each([...inward, ...inward6])("a listed name that leads to %s is not dialled", async (address) => {
    using outside = startOutside();
    const place = `${host}:${outside.port}`;
    for (const found of [[address], ["93.184.215.14", address]]) {
      const guard = { lookup: () => Promise.resolve(found) };
      await using bench = await EgressBench.open({ hosts: [place], guard });
      for (const request of [`CONNECT ${place} HTTP/1.1`, `GET http://${place}/ HTTP/1.1`])
        expect(await bench.status(`${request}\r\nHost: ${place}\r\n\r\n`)).toMatch(/^403 /);
    }
    expect(outside.connections).toBe(0);
  });

  test("a name that leads inward at the second question was dialled at the first; unchecked, it gets in", async () => {
    using inside = startOutside("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ninside");
    const place = `${host}:${inside.port}`;
    const request = `GET http://${place}/ HTTP/1.1\r\nHost: ${place}\r\n\r\n`;
    // The first answer is 127.0.0.2: here it stands for an address outside.
    const rebind = () => {
      let asked = 0;
      return () => Promise.resolve([asked++ === 0 ? "127.0.0.2" : "127.0.0.1"]);
    };
    const guard = { lookup: rebind(), allowsAddress: (address: string) => address === "127.0.0.2" };
    await using bench = await EgressBench.open({ hosts: [place], guard });
    expect(await bench.status(request)).toStartWith("502 ");
    expect(await bench.status(request)).toStartWith("403 ");
    expect(bench.lookups).toEqual([host, host]);
    expect(inside.connections).toBe(0);
    await using unchecked = await EgressBench.open({
      hosts: [place],
      guard: { lookup: rebind(), allowsAddress: () => true },
    });
    await unchecked.send(request);
    expect(await unchecked.send(request)).toEndWith("inside");
  });

  test("a redirect inward is handed back, and following it is another question", async () => {
    using inside = startOutside("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ninside");
    const target = `http://127.0.0.1:${inside.port}/`;
    using outside = startOutside(`HTTP/1.1 302 Found\r\nLocation: ${target}\r\nContent-Length: 0\r\n\r\n`);
    const place = `${host}:${outside.port}`;
    await using bench = await EgressBench.open({ hosts: [place] });
    const answer = await bench.send(`GET http://${place}/ HTTP/1.1\r\nHost: ${place}\r\n\r\n`);
    expect(answer.split("\r\n")[0]).toBe("HTTP/1.1 302 Found");
    expect(answer.toLowerCase()).toContain(`location: ${target}`);
    const next = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${inside.port}\r\n\r\n`;
    expect(await bench.status(next)).toStartWith("403 ");
    expect(inside.connections).toBe(0);
  });
});

describe("what was seen before", () => {
  const both = { sawUntrusted: true, readPrivate: true };
  /** By method and path, against a policy that lists reading below /docs: whether it still gets out. */
  const asks = [
    ["GET", "/docs/a", true],
    ["HEAD", "/docs", true],
    ["GET", "/docs/a?secret=1", true],
    ["POST", "/docs/a", false],
    ["GET", "/upload?secret=1", false],
    ["GET", "/docs/../upload", false],
    ["GET", "/docs/..%2fupload", false],
    ["PUT", "/", false],
  ] as const;

  test.each(asks)("private data and strangers' words: %s %s gets out: %p", async (method, path, isLetOut) => {
    using outside = startOutside();
    const place = `${host}:${outside.port}`;
    await using bench = await EgressBench.open({ hosts: [place], readOnly: ["/docs"] });
    const request = `${method} http://${place}${path} HTTP/1.1\r\nHost: ${place}\r\n\r\n`;
    // The switch is off: nothing private was read.
    await bench.stain({ sawUntrusted: true, readPrivate: false });
    expect(await bench.status(request)).toBe("200 OK");
    await bench.stain(both);
    expect(await bench.status(request)).toStartWith(isLetOut ? "200 " : "403 ");
    expect(outside.connections).toBe(isLetOut ? 2 : 1);
    expect((await bench.record())[1]).toStartWith(isLetOut ? "allow " : "ask ");
    expect(bench.notices).toHaveLength(isLetOut ? 0 : 1);
  });

  test("an encrypted connection is let out then only where the whole host is a place to read", async () => {
    using outside = startOutside();
    const place = `${host}:${outside.port}`;
    for (const [readOnly, status] of [
      [[], "403 "],
      [["/docs"], "403 "],
      [["/"], "200 "],
    ] as const) {
      await using bench = await EgressBench.open({ hosts: [place], readOnly });
      await bench.stain(both);
      expect(await bench.status(`CONNECT ${place} HTTP/1.1\r\nHost: x\r\n\r\n`, "\r\n\r\n")).toStartWith(
        status,
      );
    }
  });

  test("an encrypted connection that began before carries nothing out any more", async () => {
    // The switch is off: nothing private was read.
    for (const isStained of [false, true]) {
      using outside = startOutside();
      const place = `${host}:${outside.port}`;
      await using bench = await EgressBench.open({ hosts: [place] });
      const closed = Promise.withResolvers<void>();
      const socket = await Bun.connect({
        hostname: "127.0.0.1",
        port: bench.port,
        socket: { data() {}, end: (one) => void one.end(), close: () => closed.resolve() },
      });
      socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await Bun.sleep(100);
      socket.write("one.");
      await until(() => outside.heard.join("").includes("one."));
      if (isStained) await bench.stain(both);
      socket.write("two.");
      if (isStained) await closed.promise;
      else await until(() => outside.heard.join("").includes("two."));
      expect(outside.heard.join("").includes("two.")).toBe(!isStained);
      socket.terminate();
    }
  });

  test("what the running turn has seen counts at once, before any of it is on disk", async () => {
    await using bench = await EgressBench.open({ hosts: [host] });
    bench.taint.add(both);
    expect(await bench.status(`CONNECT ${host}:443 HTTP/1.1\r\nHost: x\r\n\r\n`)).toStartWith("403 ");
    expect(bench.lookups).toEqual([]);
  });

  test("what comes in from outside stains the turn and the folder; what was refused stains nothing", async () => {
    using outside = startOutside();
    const place = `${host}:${outside.port}`;
    await using bench = await EgressBench.open({ hosts: [place] });
    await bench.send("CONNECT evil.test:443 HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await bench.folderTaint()).toEqual({ sawUntrusted: false, readPrivate: false });
    await bench.send(`GET http://${place}/ HTTP/1.1\r\nHost: ${place}\r\n\r\n`);
    expect(await bench.folderTaint()).toEqual({ sawUntrusted: true, readPrivate: false });
    expect(bench.taint.current).toEqual({ sawUntrusted: true, readPrivate: false });
  });
});

describe("what would wear us out", () => {
  test("a head that does not come to its end is hung up on", async () => {
    await using bench = await EgressBench.open({ hosts: [host], limits: { headMs: 60 } });
    const started = performance.now();
    expect(await bench.send(`GET http://${host}/ HTTP/1.1\r\nX-Slow:`)).toBe("");
    expect(performance.now() - started).toBeLessThan(2000);
    await using patient = await EgressBench.open({ hosts: [host], limits: { headMs: 60_000 } });
    const waiting = patient.send(`GET http://${host}/ HTTP/1.1\r\nX-Slow:`);
    expect(await Promise.race([waiting, Bun.sleep(200).then(() => "still open")])).toBe("still open");
  });

  test("a head that is too long or has too many lines is refused; one below both is not", async () => {
    await using bench = await EgressBench.open({ hosts: [host] });
    const ask = (headers: string) =>
      bench.status(`CONNECT evil.test:1 HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    expect(await ask(`X-Long: ${"a".repeat(40_000)}\r\n`)).toStartWith("431 ");
    expect(await ask("X-Many: 1\r\n".repeat(200))).toStartWith("431 ");
    expect(await ask("X-Many: 1\r\n".repeat(90))).toStartWith("403 ");
  });

  test("more connections than allowed, at once or in a minute, are refused", async () => {
    await using bench = await EgressBench.open({ hosts: [host], limits: { connectionsAtOnce: 2 } });
    const idle = Array.from({ length: 2 }, () => bench.send("GET"));
    await Bun.sleep(50);
    const ask = `CONNECT evil.test:1 HTTP/1.1\r\nHost: x\r\n\r\n`;
    expect(await bench.status(ask)).toStartWith("429 ");
    await bench.egress[Symbol.asyncDispose]();
    expect(await Promise.all(idle)).toEqual(["", ""]);
    await using slow = await EgressBench.open({ hosts: [host], limits: { connectionsPerMinute: 3 } });
    const statuses: string[] = [];
    for (let round = 0; round < 8; round++) statuses.push((await slow.status(ask)).slice(0, 3));
    expect(statuses.slice(0, 3)).toEqual(["403", "403", "403"]);
    expect(statuses).toContain("429");
  });

  test("more bytes than allowed are cut off, in the clear and encrypted", async () => {
    const large = "x".repeat(100_000);
    using outside = startOutside(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n${large}`);
    const place = `${host}:${outside.port}`;
    for (const [bytes, isWhole] of [
      [50_000, false],
      [1_000_000, true],
    ] as const) {
      await using bench = await EgressBench.open({ hosts: [place], limits: { bytes } });
      const plain = await bench.send(`GET http://${place}/ HTTP/1.1\r\nHost: ${place}\r\n\r\n`);
      const tunnel = await bench.send(
        `CONNECT ${place} HTTP/1.1\r\nHost: x\r\n\r\n`,
        "GET / HTTP/1.0\r\n\r\n",
      );
      expect([plain, tunnel].map((answer) => answer.endsWith(large))).toEqual([isWhole, isWhole]);
    }
  });

  test("a connection on which nothing happens is hung up on", async () => {
    using silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const place = `${host}:${silent.port}`;
    await using bench = await EgressBench.open({ hosts: [place], limits: { idleMs: 60 } });
    expect(await bench.send(`CONNECT ${place} HTTP/1.1\r\nHost: x\r\n\r\n`)).toStartWith("HTTP/1.1 200 ");
  });
});

test("a grant is served for the group of the connection, whatever a header says", async () => {
  const seen: string[] = [];
  await using bench = await EgressBench.open({
    guard: loopbackIsOutside,
    async serveGrant(group, request) {
      seen.push(`${group} ${request.method} ${new URL(request.url).pathname} ${await request.text()}`);
      return new Response("granted");
    },
  });
  const headers = "Host: 127.0.0.1:3128\r\nX-Group: main\r\nContent-Length: 2";
  const answer = await bench.send(`POST /github/repos HTTP/1.1\r\n${headers}\r\n\r\nhi`);
  expect(answer).toContain("granted");
  expect(seen).toEqual(["family POST /github/repos hi"]);
});

async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 200 && !isSo(); look++) await Bun.sleep(20);
  expect(isSo()).toBe(true);
}
