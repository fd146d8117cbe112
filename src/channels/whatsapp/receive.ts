import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Secret } from "../../secret.ts";
import { whatsappWords } from "../../words/english/whatsapp.ts";
import type { ChannelMemory, IncomingMessage, ProgramParts, Receiver } from "../channel.ts";
import type { WhatsAppSettings } from "./config.ts";
import type { LibraryCalls } from "./library-calls.ts";
import type { OpenLibrary } from "./link.ts";
import { readMessage } from "./read-message.ts";
import { Session } from "./session.ts";
import { unlinkedKey } from "./unlinked-key.ts";
import { notLoaded, type ArrivedMessage, type OwnIds, type Report } from "./wire.ts";

export interface ReceiveOptions {
  readonly settings: WhatsAppSettings;
  readonly memory: ChannelMemory;
  readonly program: ProgramParts;
  readonly openLibrary: OpenLibrary;
  readonly calls: LibraryCalls;
  readonly log: Log;
}

const patientlyMs = 10 * 60_000;
const loggedOut = 401;
const replaced = 440;
/** Banned, or of another kind than we speak for. */
const refusals = new Set([402, 403, 405, 406, 411]);

/** Connects with what is kept of the link, and hands over what arrives until the connection is lost. */
export async function receiveFromWhatsApp(
  { settings, memory, program, openLibrary, calls, log }: ReceiveOptions,
  receiver: Receiver,
  signal: AbortSignal,
): Promise<void> {
  const session = new Session(memory, settings.key);
  const state = await session.read();
  if (!("creds" in state)) throw await toNotLinked(memory);
  await session.wipeOthers();
  await using link = openLibrary(program);
  using _ = onAbort(signal, () => void link[Symbol.asyncDispose]());
  const { socketUrl: url, proxy } = settings;
  const way = proxy === undefined ? {} : { proxy };
  link.order({ type: "begin", plugins: program.plugins, url, state, ...way });
  let me = readOwnIds(state["creds"] ?? "");
  try {
    for await (const report of link.reports) {
      signal.throwIfAborted();
      switch (report.type) {
        case "batch":
          // The messages first: what is known of the keys may be older than they are, and never newer.
          for (const arrived of report.messages)
            await take(arrived, { me, key: settings.key }, { receiver, log });
          await session.change(report.state);
          link.order({ type: "committed", batch: report.batch });
          break;
        case "open":
          me = report.me;
          calls.begin(link);
          receiver.connected();
          break;
        case "answer":
          calls.settle(report);
          break;
        case "picture":
        case "code":
          // It would be linked anew: what is kept is no link.
          await session.wipe();
          throw await toNotLinked(memory);
        case "closed":
          throw await toFailure(report, session, memory);
        case "ready":
          break;
        default:
          report satisfies never;
      }
    }
  } finally {
    calls.end();
  }
  signal.throwIfAborted();
  throw new AppError("network", whatsappWords.notReached({ reason: "the part that speaks it has ended" }));
}

interface Taking {
  readonly receiver: Receiver;
  readonly log: Log;
}

async function take(
  arrived: ArrivedMessage,
  reading: { readonly me: OwnIds; readonly key: Secret },
  { receiver, log }: Taking,
): Promise<void> {
  let message: IncomingMessage | undefined;
  try {
    message = readMessage(arrived, reading);
  } catch (error) {
    // One that cannot be understood must not stand in the way of all that follow.
    log.error("a message could not be read and is left out", { error });
  }
  if (message !== undefined) await receiver.receive(message);
}

async function toFailure(
  { code, reason }: Extract<Report, { type: "closed" }>,
  session: Session,
  memory: ChannelMemory,
): Promise<AppError> {
  if (code === loggedOut) {
    await session.wipe();
    await memory.write(unlinkedKey, "yes");
    return await toNotLinked(memory);
  }
  if (code === notLoaded) return new AppError("config", whatsappWords.noLibrary({ reason }));
  if (code === replaced)
    return new AppError("conflict", whatsappWords.replaced(), { retryAfterMs: patientlyMs });
  if (refusals.has(code))
    return new AppError("denied", whatsappWords.refused({ code }), { retryAfterMs: patientlyMs });
  return new AppError(
    "network",
    whatsappWords.notReached({ reason: code === 0 ? reason : `${reason} (${code})` }),
  );
}

async function toNotLinked(memory: ChannelMemory): Promise<AppError> {
  const words =
    (await memory.read(unlinkedKey)) === undefined ? whatsappWords.notLinked() : whatsappWords.unlinked();
  return new AppError("config", words, { retryAfterMs: patientlyMs });
}

/** Who we are was settled when the link was made. */
function readOwnIds(creds: string): OwnIds {
  const value: unknown = JSON.parse(creds);
  const me: unknown = typeof value === "object" && value !== null && "me" in value ? value.me : undefined;
  if (typeof me !== "object" || me === null || !("id" in me) || typeof me.id !== "string")
    return { phone: "" };
  return { phone: me.id, ...("lid" in me && typeof me.lid === "string" ? { hidden: me.lid } : {}) };
}

function onAbort(signal: AbortSignal, act: () => void): Disposable {
  signal.addEventListener("abort", act, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", act) };
}
