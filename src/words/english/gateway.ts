import { defineWords } from "../define-words.ts";

/** The gateway, its messages and who speaks with it. */
export const gatewayWords = defineWords("gateway", {
  runsAlready: ({ pid, folder }: { pid: number; folder: string }) => ({
    message: `A gateway serves ${folder} already (process ${pid}).`,
    hint: `Stop it first:\n  kill ${pid}`,
  }),
  portTaken: ({ host, port }: { host: string; port: number }) => ({
    message: `Port ${port} of ${host} is taken by another program.`,
    hint: `Choose another, or 0 for any that is free:\n  nanoclaw config set gateway.port ${port === 65_535 ? 0 : port + 1}`,
  }),
  cannotListen: ({ host, port }: { host: string; port: number }) => ({
    message: `${host}:${port} is no address at which this machine can listen for you.`,
    hint: "Set gateway.host to an address of this machine, and gateway.port to 1024 or more.",
  }),
  noMessage: ({ id }: { id: string }) => ({
    message: `There is no message ${id}.`,
    hint: "See which there are:\n  nanoclaw messages list",
  }),
  notSetAside: ({ id, state }: { id: string; state: string }) => ({
    message: `Message ${id} was not set aside: it is ${state}.`,
    hint: "Only those can be sent again that failed or were set aside:\n  nanoclaw messages dead",
  }),
  lost: () => ({
    message: "The gateway has gone away.",
    hint: "What it was at work on goes on when it is back: nanoclaw gateway",
  }),
  silent: () => ({
    message: "The gateway that runs does not answer.",
    hint: "It may hang. See which process it is, end that, and start it again:\n  nanoclaw doctor",
  }),
  endedInTurn: () => ({
    message: "The gateway ended in the middle of the answer.",
    hint: "What was said and done until then is kept. To ask again:\n  /retry",
  }),
  stoppedInTurn: () => ({
    message: "The gateway was stopped, and the answer had not ended six seconds later.",
    hint: "What was said and done until then is kept. To ask again:\n  /retry",
  }),
  otherVersion: ({ ours, theirs }: { ours: number; theirs: number }) => ({
    message: `The gateway that runs speaks version ${theirs} of its protocol, this program ${ours}.`,
    hint: "Start the gateway again with this program.",
  }),
});
