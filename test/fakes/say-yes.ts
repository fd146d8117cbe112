import type { GatewayProgram } from "./gateway-program.ts";

/** The owner's yes to a request, as he writes it in his private chat: he is shown it again, and sends the code that stands there. */
export async function sayYes(gateway: GatewayProgram, request = 1): Promise<void> {
  await gateway.ask(`/approve ${request}`);
  await gateway.ask(`/approve ${request} ${await readCode(gateway, request)}`);
}

/** Text that is not ours is shown in a message of its own, the code behind it: it may come a little later. */
async function readCode(gateway: GatewayProgram, request: number): Promise<string> {
  let shown = "";
  for (let tries = 0; tries < 100; tries++) {
    shown = (await gateway.replies()).map(({ text }) => text).join("\n");
    const code = new RegExp(`/approve ${request} (\\w{4})`).exec(shown)?.[1];
    if (code !== undefined) return code;
    await Bun.sleep(50);
  }
  throw new Error(`no code was shown for request ${request}: ${shown}`);
}
