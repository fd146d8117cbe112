import { AppError } from "../../errors.ts";
import { refuseIrregular, splitHeader, toFileProblem } from "../files/regular-file.ts";
import { pathInput, toInsidePath, toPathTitle } from "../inside-path.ts";
import { runInside } from "../inside.ts";
import { defineTool } from "../schema.ts";
import type { Tool, ToolContext } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { ChatHands } from "./chat-hands.ts";
import { toInput, toSendQuestion } from "./send-question.ts";

/** The size is looked at before a byte is read, and no more than `$2` bytes leave, whatever grows meanwhile. */
const script = `${refuseIrregular}
size=$(wc -c < "$1") || exit 1
size=$((size))
if [ "$size" -gt "$2" ]; then echo "large $size"; exit 0; fi
echo "whole $size"
exec head -c "$2" < "$1"
`;

export function createSendFile(hands: ChatHands): Tool {
  return defineTool({
    name: "send_file",
    description: "Send a file of the sandbox to a chat, as it is now. Without `to` to the chat you answer.",
    input: {
      type: "object",
      properties: { path: pathInput, to: toInput, caption: { type: "string", maxLength: 1000 } },
      required: ["path"],
    },
    effect: "outside",
    action: async ({ to }, { sandbox }) => {
      // What has been in the folder taints the turn before it is decided where a file of it may go.
      await sandbox();
      return await toSendQuestion(hands, to);
    },
    title: ({ path }) => toPathTitle("send", path),
    freeze: async ({ path, to }, context) => await readWhole(path, await hands.largestFile(to), context),
    async execute({ path, to, caption = "" }, context) {
      context.signal.throwIfAborted();
      // What the owner was shown is what goes out, whatever lies there now.
      const bytes = context.outgoing ?? (await readWhole(path, await hands.largestFile(to), context));
      const name = toFileName(path);
      const mediaType = Bun.file(name).type;
      const file = { type: "file", text: caption, name, mediaType, bytes } as const;
      const { message, place } = await hands.send(to, file, context.callId);
      const details = { message, bytes: bytes.length };
      return { content: `Sent ${name} (${bytes.length} bytes) to ${place} as message ${message}.`, details };
    },
  });
}

async function readWhole(path: string, largest: number, context: ToolContext): Promise<Uint8Array> {
  const { paths } = await context.sandbox();
  const parameters = [toInsidePath(path, paths), String(largest)];
  const { header, body } = splitHeader(
    await runInside(script, parameters, { limit: largest + 100, timeoutMs: 60_000 }, context),
  );
  const [word = "", size = "0"] = header;
  const problem = toFileProblem(word, path);
  if (problem !== undefined) throw problem;
  const name = toFileName(path);
  if (word === "large") {
    throw new AppError("usage", `${name} has ${size} bytes; that chat takes at most ${largest}.`, {
      hint: "Make it smaller, or send a part of it.",
    });
  }
  if (body.length === 0) throw new AppError("usage", `${name} is empty.`);
  return body;
}

/** The last part of the path, as nobody is misled by it. */
function toFileName(path: string): string {
  const last = path.split("/").findLast((part) => part !== "" && part !== "." && part !== "..") ?? "";
  const name = toVisibleLine(last, 100)
    .replace(/[\\:*?"<>|]/g, "_")
    .trim();
  return name === "" ? "file" : name;
}
