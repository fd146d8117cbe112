import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { SandboxBench, shell } from "../fakes/sandbox-bench.ts";
import { createWeakBubblewrap } from "../fakes/weak-bubblewrap.ts";

let bench: SandboxBench;
beforeAll(async () => {
  bench = await SandboxBench.create(createBubblewrap());
});
afterAll(() => bench[Symbol.asyncDispose]());

/** A program of the host that listens in a folder: streams, and datagrams as a logger takes them. */
async function listen(folder: string) {
  const child = Bun.spawn(
    [
      "python3",
      "-c",
      `
import os, select, socket, sys
kinds = {"stream": socket.SOCK_STREAM, "datagram": socket.SOCK_DGRAM}
opened = []
for name, kind in kinds.items():
    one = socket.socket(socket.AF_UNIX, kind)
    one.bind(os.path.join(${JSON.stringify(folder)}, name))
    os.chmod(os.path.join(${JSON.stringify(folder)}, name), 0o666)
    if name == "stream": one.listen()
    opened.append(one)
print("up", flush=True)
while True:
    for one in select.select(opened, [], [])[0]:
        if one is opened[0]:
            two = one.accept()[0]
            two.sendall(b"canary-socket")
            two.close()
        else: print("got", one.recv(100).decode(), flush=True)
`,
    ],
    { stdout: "pipe", stderr: "inherit" },
  );
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  // The line may come in pieces.
  for (let said = ""; !said.endsWith("\n");) {
    const { done, value = "" } = await reader.read();
    if (done) throw new Error("nothing listens");
    said += value;
  }
  return {
    async readSome(): Promise<string> {
      const late = Bun.sleep(300).then(() => "nothing");
      return await Promise.race([reader.read().then(({ value = "" }) => value), late]);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

const attack = `python3 -c '
import socket
def attempt(work):
    try: print(work())
    except OSError as error: print("refused", error.errno)
def stream():
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    one.connect("extra/s/stream")
    return one.recv(100).decode()
def datagram():
    return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"by-name", "extra/s/datagram")
def pair(kind):
    return lambda: socket.socketpair(socket.AF_UNIX, kind)[0].sendto(b"by-pair", "extra/s/datagram")
for each in [stream, datagram, pair(socket.SOCK_DGRAM), pair(socket.SOCK_RAW), pair(socket.SOCK_STREAM), pair(socket.SOCK_SEQPACKET)]:
    attempt(each)
'`;

test.each([false, true])(
  "a socket of the host's in a shared folder (writable: %p) is out of reach; without the filter it answers",
  async (canWrite) => {
    const source = mkdtempSync(join(bench.root, "socket-"));
    chmodSync(source, 0o777);
    await using host = await listen(source);
    const spec = await bench.group(`socket-${canWrite}`, [{ name: "s", source, canWrite }]);
    await using sandbox = await bench.runtime.open(spec);
    const held = (await shell(sandbox, attack)).stdout.trim().split("\n");
    expect(held.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => "refused 97"));
    expect(held.join()).not.toContain("canary");
    expect(await host.readSome()).toBe("nothing");

    const change = { without: "--seccomp", instead: ["--sync-fd"] };
    const runtime = await createWeakBubblewrap(mkdtempSync(join(bench.root, "weak-")), change);
    await using weak = await runtime.open(spec);
    const leaked = await shell(weak, attack);
    expect(leaked.stdout).toContain("canary-socket");
    expect(leaked.stdout).toContain("7\n");
  },
);

test("programs that start others by pairs of sockets still do, and so does the network's loopback", async () => {
  const source = join(bench.root, "pairs");
  mkdirSync(source, { mode: 0o755 });
  const spec = await bench.group("pairs", [{ name: "s", source, canWrite: false }]);
  await using sandbox = await bench.runtime.open(spec);
  const line = `python3 -c '
import socket
one, two = socket.socketpair()
one.sendall(b"pair")
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).sendall(b"net")
print(two.recv(9), server.accept()[0].recv(9))
'`;
  expect((await shell(sandbox, line)).stdout).toBe("b'pair' b'net'\n");
});

test("without shared folders sockets of this machine's kind work as ever", async () => {
  await using sandbox = await bench.runtime.open(await bench.group("alone"));
  const line = `python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/tmp/s"); print("bound")'`;
  expect((await shell(sandbox, line)).stdout).toBe("bound\n");
});
