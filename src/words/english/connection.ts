import { defineWords } from "../define-words.ts";

/** A request to a model that got no answer, or only half of one. */
export const connectionWords = defineWords("connection", {
  notAnAddress: ({ label }: { label: string }) => ({
    message: `The address of ${label} is not a URL.`,
    hint: "Its apiBase has to begin with https:// or http://.",
  }),
  noLocalServer: ({ label, host }: { label: string; host: string }) => ({
    message: `Nothing answers at ${host}.`,
    hint: `${label} is expected there: is it running?`,
  }),
  unknownHost: ({ host }: { host: string }) => ({
    message: `The name of ${host} could not be looked up.`,
    hint: "Is this machine online?",
  }),
  unreachable: ({ label, host, code }: { label: string; host: string; code: string }) => ({
    message: `${label} could not be reached at ${host} (${code === "" ? "the connection failed" : code}).`,
    hint: "Is this machine online, and does a firewall let it through?",
  }),
  proxyUnreachable: ({ proxy, variable, host }: { proxy: string; variable: string; host: string }) => ({
    message: `The proxy ${proxy} does not answer, so ${host} could not be reached.`,
    hint: `${variable} names it. Start it, correct the variable, or do without:\n  unset ${variable}`,
  }),
  proxyWantsPassword: ({ proxy, variable }: { proxy: string; variable: string }) => ({
    message: `The proxy ${proxy} wants a name and a password (407).`,
    hint: `Put them into ${variable}: http://NAME:PASSWORD@HOST:PORT`,
  }),
  proxyRefused: ({ proxy, host, status }: { proxy: string; host: string; status: string }) => ({
    message: `The proxy ${proxy} does not let us through to ${host}${status === "" ? "" : ` (${status})`}.`,
    hint: "Ask whoever runs it to allow that host.",
  }),
  tlsFailed: ({ host, code }: { host: string; code: string }) => ({
    message: `The secure connection to ${host} failed (${code}).`,
    hint: "Something on the way may be replacing its certificate, or apiBase should begin with http.",
  }),
  untrusted: ({ host, code }: { host: string; code: string }) => ({
    message: `The certificate of ${host} is signed by nobody this machine knows (${code}).`,
    hint: "Something on the way may be replacing it. If it is your own authority, name its file:\n  export NODE_EXTRA_CA_CERTS=FILE",
  }),
  wrongHost: ({ host }: { host: string }) => ({
    message: `The certificate of ${host} is made out to another name.`,
    hint: "Check apiBase; if it is right, something on the way answers in its place.",
  }),
  certificateTime: ({ host, isExpired, now }: { host: string; isExpired: boolean; now: string }) => ({
    message: `The certificate of ${host} ${isExpired ? "has expired" : "is not valid yet"}. This machine's clock says ${now}.`,
    hint: "If that is not the time, set the clock; otherwise the server needs a new certificate.",
  }),
  clockWrong: ({
    host,
    now,
    theirs,
    isBehind,
  }: {
    host: string;
    now: string;
    theirs: string;
    isBehind: boolean;
  }) => ({
    message: `This machine's clock is ${isBehind ? "behind" : "ahead"}: it says ${now}, ${host} says ${theirs}. So no certificate can be checked.`,
    hint: "Set the clock. On most systems:\n  sudo timedatectl set-ntp true",
  }),
  late: ({ label, seconds }: { label: string; seconds: number }) => ({
    message: `${label} did not answer within ${seconds} s.`,
    hint: "It may be busy or out of reach: try again later, or choose another model with /model.",
  }),
  silent: ({ label, seconds }: { label: string; seconds: number }) => ({
    message: `${label} fell silent for ${seconds} s.`,
    hint: "Try again.",
  }),
  endedEarly: ({ label }: { label: string }) => ({
    message: `${label} ended its answer too early.`,
    hint: "Try again.",
  }),
  unreadable: ({ label, reason }: { label: string; reason: string }) => ({
    message: `${label} sent an answer that cannot be read: ${reason}.`,
    hint: "Check apiBase: it may be the address of something else.",
  }),
});
