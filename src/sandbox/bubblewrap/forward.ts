import type { Socket } from "bun";

interface Half {
  other: Socket<Half> | undefined;
  /** What `other` could not take yet. */
  waiting: Uint8Array[];
  /** It says no more, or it is gone altogether. */
  end: "none" | "said" | "gone";
}

/**
 * Hands on what connects to a port of this process's network to a socket of the host, unread. Runs as a program of its
 * own, made of this function's text alone: it may use nothing from outside itself. Ends with its input.
 */
export async function forward(place: { hostname: string; port: number; socket: string }): Promise<void> {
  /** Everything that waits, as far as it is taken; then the end, if that was said. */
  function flush(from: Socket<Half>): void {
    const { other, waiting, end } = from.data;
    if (other === undefined) return;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const taken = other.write(next);
      if (taken < 0) return from.terminate();
      if (taken === next.length) continue;
      waiting.unshift(next.subarray(taken));
      return from.pause();
    }
    if (end === "none") return from.resume();
    if (end === "said" && other.data.end === "none") return other.shutdown();
    other.end();
    if (other.data.waiting.length === 0) from.end();
  }
  function close(socket: Socket<Half>): void {
    socket.data.end = "gone";
    flush(socket);
  }
  const handler = {
    binaryType: "uint8array",
    data(socket: Socket<Half>, chunk: Uint8Array): void {
      socket.data.waiting.push(new Uint8Array(chunk));
      flush(socket);
    },
    drain(socket: Socket<Half>): void {
      if (socket.data.other !== undefined) flush(socket.data.other);
    },
    end(socket: Socket<Half>): void {
      socket.data.end = "said";
      flush(socket);
    },
    close,
    error: close,
  } as const;
  const listener = Bun.listen<Half>({
    hostname: place.hostname,
    port: place.port,
    allowHalfOpen: true,
    socket: {
      ...handler,
      open(inside) {
        inside.data = { other: undefined, waiting: [], end: "none" };
        const data: Half = { other: inside, waiting: [], end: "none" };
        Bun.connect<Half>({ unix: place.socket, data, allowHalfOpen: true, socket: handler }).then(
          (outside) => {
            inside.data.other = outside;
            flush(inside);
          },
          () => void inside.end(),
        );
      },
    },
  });
  await Bun.write(Bun.stdout, "\n");
  for await (const _ of Bun.stdin.stream());
  listener.stop(true);
  // With the call it is killed: this is the death of whoever started it, who had no time to tidy up.
  const { rmSync } = process.getBuiltinModule("node:fs");
  rmSync(place.socket.replace(/\/[^/]*$/, ""), { recursive: true, force: true });
}
