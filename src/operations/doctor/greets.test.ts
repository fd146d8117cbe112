import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers } from "../service/background.ts";
import { greets } from "./greets.ts";

test("who listens and says nothing does not greet, though a connection to him is made", async () => {
  const folder = await mkdtemp(join(tmpdir(), "greets-"));
  const { signal } = new AbortController();
  try {
    const open = (name: string, hello: string): AsyncDisposable => {
      const listener = Bun.listen({
        unix: join(folder, name),
        socket: { open: (socket) => void (hello === "" ? 0 : socket.write(hello)), data: () => {} },
      });
      return { [Symbol.asyncDispose]: async () => listener.stop(true) };
    };
    await using _silent = open("silent", "");
    await using _kind = open("kind", '{"type":"hello"}\n');
    expect(await answers(join(folder, "silent"))).toBe(true);
    expect(await greets(join(folder, "silent"), signal, 50)).toBe(false);
    expect(await greets(join(folder, "kind"), signal)).toBe(true);
    expect(await greets(join(folder, "none"), signal)).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});
