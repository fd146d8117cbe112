import type { BinaryNode, proto } from "baileys";
import type { LibraryAnswer, LibraryRequest, MessageContent } from "../wire.ts";
import type { Library, Socket } from "./load.ts";
import type { LibraryState } from "./state.ts";

/** A server that has a message says so within a second. */
const acknowledgementMs = 20_000;

/** Sent messages are kept for telephones that could not read them and ask again. */
const mostKept = 256;
const keptHead = "sent ";

export interface CallPlace {
  readonly library: Library;
  readonly socket: Socket;
  readonly state: LibraryState;
}

/** What the gateway asks for. Never rejects. */
export async function answerCall(request: LibraryRequest, place: CallPlace): Promise<LibraryAnswer> {
  const { socket } = place;
  try {
    switch (request.do) {
      case "send":
        return await send(request, place);
      case "typing":
        await socket.sendPresenceUpdate(
          request.isTyping ? "composing" : "paused",
          await toReal(request.chat, place),
        );
        return { type: "done" };
      case "upload-place": {
        const { auth, hosts } = await socket.refreshMediaConn(false);
        return { type: "done", value: { auth, hosts: hosts.map(({ hostname }) => hostname) } };
      }
      case "unlink":
        await socket.logout();
        return { type: "done" };
      default:
        return request satisfies never;
    }
  } catch (error) {
    return { type: "not-sent", reason: toReason(error) };
  }
}

/** A message that could not be read there is asked for again by its number. */
export function findSent(
  id: string,
  { library, state }: Pick<CallPlace, "library" | "state">,
): proto.IMessage | undefined {
  const kept = state.read(keptHead + id);
  return kept === undefined ? undefined : library.proto.Message.decode(Buffer.from(kept, "base64"));
}

async function send(
  { chat, id, content }: Extract<LibraryRequest, { do: "send" }>,
  place: CallPlace,
): Promise<LibraryAnswer> {
  const { library, socket, state } = place;
  const message = toMessage(content, library);
  keepSent(id, Buffer.from(library.proto.Message.encode(message).finish()).toString("base64"), state);
  const acknowledgement = Promise.withResolvers<LibraryAnswer>();
  const listen = (node: BinaryNode): void => {
    if (node.attrs["id"] === id) acknowledgement.resolve(toAnswer(node.attrs["error"]));
  };
  const onClose = (): void =>
    acknowledgement.resolve({ type: "unknown", reason: "the connection was lost before WhatsApp answered" });
  socket.ws.on("CB:ack,class:message", listen);
  socket.ws.on("close", onClose);
  const timer = setTimeout(
    () => acknowledgement.resolve({ type: "unknown", reason: "no answer came in time" }),
    acknowledgementMs,
  );
  try {
    await socket.relayMessage(await toReal(chat, place), message, { messageId: id });
    return await acknowledgement.promise;
  } catch (error) {
    return toFailure(error);
  } finally {
    clearTimeout(timer);
    socket.ws.off("CB:ack,class:message", listen);
    socket.ws.off("close", onClose);
  }
}

function keepSent(id: string, bytes: string, state: LibraryState): void {
  state.write(keptHead + id, bytes);
  const kept = state.names(keptHead);
  for (const name of kept.slice(0, Math.max(0, kept.length - mostKept))) state.write(name, undefined);
}

function toMessage(content: MessageContent, library: Library): proto.IMessage {
  return library.proto.Message.fromObject({ ...content });
}

/** A chat is known to us by the telephone's number; WhatsApp wants the hidden one where there is one. */
async function toReal(chat: string, { library, socket }: CallPlace): Promise<string> {
  const decoded = library.jidDecode(chat);
  if (decoded?.server !== "s.whatsapp.net") return chat;
  const { [decoded.user]: hidden } = await socket.authState.keys.get("lid-mapping", [decoded.user]);
  return hidden === undefined ? chat : `${hidden}@lid`;
}

/** Of an acknowledgement: without an error the message is on its way. */
function toAnswer(error: string | undefined): LibraryAnswer {
  if (error === undefined) return { type: "done" };
  switch (error) {
    case "429":
      return { type: "slow-down", reason: "WhatsApp asks to write less" };
    case "463":
      return { type: "refused", reason: "WhatsApp does not let this account write to somebody new (463)" };
    default:
      return { type: "refused", reason: `WhatsApp said ${error}` };
  }
}

function toFailure(error: unknown): LibraryAnswer {
  const reason = toReason(error);
  if (/rate-overlimit/.test(reason)) return { type: "slow-down", reason };
  if (/not-authorized|forbidden|item-not-found/.test(reason)) return { type: "refused", reason };
  return { type: "not-sent", reason };
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
