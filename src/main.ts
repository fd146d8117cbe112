import { mark, startTrace } from "./trace.ts";
import { runProgram } from "./commands/program.ts";

if (process.env["NANOCLAW_TRACE"]) startTrace();
mark("program loaded");

// What reads strangers' pages is this program in a sandbox, and nothing else of it.
if (process.argv[2] === "decode-inside") {
  const { runDecoder } = await import("./commands/decode.ts");
  process.exit(await runDecoder());
}

// What speaks a chat app's protocol is this program in a process of its own.
if (process.argv[2] === "whatsapp-inside") {
  const { loadWhatsAppPart } = await import("./channels/registry.ts");
  process.exit(await (await loadWhatsAppPart())());
}

process.exit(
  await runProgram(async (io) => {
    const { openServices } = await import("./commands/open-services.ts");
    mark("services loaded");
    return openServices(io);
  }),
);
