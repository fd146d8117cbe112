import type { BinaryNode, proto } from "baileys";
import type { LibraryAnswer, LibraryRequest, MessageContent } from "../wire.ts";
import type { Library, Socket } from "./load.ts";
import { isOutdated, readFailure, readRefusal } from "./read-refusal.ts";
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
        const { auth, hosts } = await socket.refreshMediaConn(request.isAnother);
        return { type: "done", value: { auth, hosts: hosts.map(({ hostname }) => hostname) } };
      }
      case "unlink":
        await socket.logout();
        return { type: "done" };
      default:
        return request satisfies never;
    }
  } catch (error) {
    return readFailure(error);
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
  const real = await toReal(chat, place);
  try {
    const code = await relay({ chat: real, id, message, knowsDevices: true }, socket);
    if (typeof code !== "string" || !isOutdated(code)) return toAnswer(code);
    return toAnswer(await relay({ chat: real, id, message, knowsDevices: false }, socket));
  } catch (error) {
    return readFailure(error);
  }
}

interface Relayed {
  readonly chat: string;
  readonly id: string;
  readonly message: proto.IMessage;
  /** What is known of the devices of who is there will do. */
  readonly knowsDevices: boolean;
}

/** The error of the acknowledgement, or none; an answer where none came. Rejects for what failed before it left. */
async function relay(
  { chat, id, message, knowsDevices }: Relayed,
  socket: Socket,
): Promise<string | undefined | LibraryAnswer> {
  const acknowledgement = Promise.withResolvers<string | undefined | LibraryAnswer>();
  const listen = (node: BinaryNode): void => {
    if (node.attrs["id"] === id) acknowledgement.resolve(node.attrs["error"]);
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
    await socket.relayMessage(chat, message, {
      messageId: id,
      useUserDevicesCache: knowsDevices,
      useCachedGroupMetadata: knowsDevices,
    });
    return await acknowledgement.promise;
  } finally {
    clearTimeout(timer);
    socket.ws.off("CB:ack,class:message", listen);
    socket.ws.off("close", onClose);
  }
}

function toAnswer(end: string | undefined | LibraryAnswer): LibraryAnswer {
  if (end === undefined) return { type: "done" };
  return typeof end === "string" ? readRefusal(end) : end;
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
