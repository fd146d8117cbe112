import { join } from "node:path";

import type { Sharing } from "./share.ts";

/**
 * The floor of a chat app: a dozen lines that are told a message, ask a model and send what it says. They too have on disk what they
 * were told before they ask, and what they are to send before they send it.
 */
export function openRelay(relay: string, folder: string): Sharing & AsyncDisposable {
  let next = Promise.withResolvers<string>();
  let sent = Promise.withResolvers<number>();
  let askedAt = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      switch (new URL(request.url).pathname) {
        case "/next": {
          const message = await next.promise;
          next = Promise.withResolvers();
          return new Response(message);
        }
        case "/model":
          await request.text();
          askedAt = performance.now();
          return new Response("Yes.");
        default:
          sent.resolve(performance.now());
          return new Response("");
      }
    },
  });
  const argv = [relay, server.url.origin, join(folder, "relay.db")];
  const child = Bun.spawn(argv, { stdin: "ignore", stdout: "ignore" });
  return {
    async say(text) {
      sent = Promise.withResolvers();
      next.resolve(text);
      return await sent.promise;
    },
    askedAt: () => askedAt,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      await server.stop(true);
    },
  };
}
