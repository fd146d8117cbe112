import { defineWords } from "../define-words.ts";

/** What a group's sandbox may reach outside, and why not. */
export const egressWords = defineWords("egress", {
  notAHost: ({ host }: { host: string }) => ({
    message: `"${host}" is not a host.`,
    hint: "Write HOST, HOST:PORT or *.DOMAIN, such as api.github.com or *.pypi.org, without https:// and without a path.",
  }),
  tooWide: ({ host }: { host: string }) => ({
    message: `"${host}" would allow too much.`,
    hint: "A star stands for all below a domain of at least two parts, such as *.example.com.",
  }),
  notOnTheInternet: ({ host }: { host: string }) => ({
    message: `${host} is not an address on the open internet.`,
    hint: "A sandbox never reaches this machine, its network or a cloud's metadata, whatever is allowed.",
  }),
  notAPath: ({ prefix }: { prefix: string }) => ({
    message: `"${prefix}" is not the beginning of a path.`,
    hint: "It begins with a slash and is spelled as a server sees it, such as /repos or / for the whole host.",
  }),
  notAllowed: ({ group, host, known }: { group: string; host: string; known: readonly string[] }) => ({
    message: `${host} is not among the hosts that the group ${group} may reach.`,
    hint:
      known.length === 0
        ? `It may reach none. Allow one:\n  nanoclaw groups egress allow ${group} HOST`
        : `It may reach: ${known.join(", ")}.`,
  }),
  brokenRule: ({ group, host }: { group: string; host: string }) => ({
    message: `"${host}" among the hosts of the group ${group} cannot be understood, so the group reaches nothing.`,
    hint: `Take it out:\n  nanoclaw groups egress deny ${group} '${host}'`,
  }),
});
