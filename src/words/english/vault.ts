import { defineWords } from "../define-words.ts";

/** Secrets that a group may use and never sees. */
export const vaultWords = defineWords("vault", {
  noSecret: ({ name, known }: { name: string; known: readonly string[] }) => ({
    message: `There is no secret ${name}.`,
    hint: known.length === 0 ? `Set it:\n  nanoclaw secrets set ${name}` : `There are: ${known.join(", ")}.`,
  }),
  noValue: () => ({
    message: "No value came.",
    hint: "Type it, or pipe it in:\n  pass show github | nanoclaw secrets set GITHUB_TOKEN -",
  }),
  typedValue: ({ name }: { name: string }) => ({
    message:
      "A secret is not taken from the command line: every program of this machine can read that, and the shell keeps it.",
    hint: `Leave it out and type it when asked, or pipe it in. If it is real, get a new one.\n  nanoclaw secrets set ${name}`,
  }),
  tooShort: ({ name, least }: { name: string; least: number }) => ({
    message: `The secret ${name} has less than ${least} characters.`,
    hint: "What is that short cannot be kept out of answers. Use a longer one.",
  }),
  inUse: ({ name, known }: { name: string; known: readonly string[] }) => ({
    message: `The secret ${name} is in use: ${known.join(", ")}.`,
    hint: "Revoke that first, or say --force.",
  }),
  grantName: ({ name }: { name: string }) => ({
    message: `"${name}" cannot be the name of a grant.`,
    hint: "Use small letters, digits and dashes, such as github.",
  }),
  noGrant: ({ name, group, known }: { name: string; group: string; known: readonly string[] }) => ({
    message: `The group ${group} has no grant ${name}.`,
    hint: known.length === 0 ? "See: nanoclaw secrets list" : `It has: ${known.join(", ")}.`,
  }),
  notABase: ({ url }: { url: string }) => ({
    message: `"${url}" is no address that a secret can be bound to.`,
    hint: "Write it as https://HOST or https://HOST/PATH, without a user, a question mark or a #.",
  }),
  notEncrypted: ({ url }: { url: string }) => ({
    message: `${url} is not encrypted: whoever carries the request could read the secret.`,
    hint: "Use https://. Only a server of this machine may have http://, by its address, such as http://127.0.0.1:8080.",
  }),
  notAMethod: ({ method, known }: { method: string; known: readonly string[] }) => ({
    message: `"${method}" is not a method of HTTP.`,
    hint: `Known: ${known.join(", ")}.`,
  }),
  noPath: () => ({
    message: "It is not said which paths the secret is for.",
    hint: "Name each with --path, such as --path /repos; --path / is everything there.",
  }),
  notAPath: ({ path }: { path: string }) => ({
    message: `"${path}" is not a path that every server reads alike.`,
    hint: "It begins with a slash and has no //, no .. and no encoded slash or dot.",
  }),
  badHeader: ({ name, format }: { name: string; format: string }) => ({
    message: `A secret cannot be sent as "${name}: ${format}".`,
    hint: "Write a header's name, or a name and its value with {} for the secret: --header 'Authorization: Bearer {}'",
  }),
  badUser: () => ({
    message: "The name of a user cannot hold a colon.",
    hint: "Use the name alone: --basic USER",
  }),
  noModels: () => ({
    message: "It is not said which models the key is for.",
    hint: "Name each with --model, as the provider knows it.",
  }),
  oneWay: () => ({
    message: "A secret is sent in one way.",
    hint: "Use one of --header, --query, --basic and --model-wire.",
  }),
  brokenGrant: ({ name }: { name: string }) => ({
    message: `The grant ${name} cannot be understood, so it is not used.`,
    hint: "Revoke it, and grant it anew: nanoclaw secrets list",
  }),
});
