/** What a reply is besides its text. */
export type ReplyExtras =
  /** Its text is the question. */
  | { readonly type: "question"; readonly options: readonly string[] }
  /** Its text stands below the file. */
  | {
      readonly type: "file";
      /** The bytes, by the name that they have in the spool. */
      readonly spool: string;
      readonly name: string;
      readonly mediaType: string;
      readonly bytes: number;
    }
  /** Its text is the sign under a message, named by the platform's id. */
  | { readonly type: "reaction"; readonly message: string }
  /** Its text takes the place of what an earlier reply said. */
  | { readonly type: "edit"; readonly reply: number };

/** Undefined: there are none, or another version of the program wrote them. */
export function parseExtras(json: string | undefined): ReplyExtras | undefined {
  if (json === undefined) return undefined;
  const value: unknown = JSON.parse(json);
  return isExtras(value) ? value : undefined;
}

function isExtras(value: unknown): value is ReplyExtras {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  const facts: Readonly<Record<string, unknown>> = { ...value };
  switch (value.type) {
    case "question": {
      const { options } = facts;
      return Array.isArray(options) && options.every((option) => typeof option === "string");
    }
    case "file":
      return (
        ["spool", "name", "mediaType"].every((name) => typeof facts[name] === "string") &&
        typeof facts["bytes"] === "number"
      );
    case "reaction":
      return typeof facts["message"] === "string";
    case "edit":
      return typeof facts["reply"] === "number";
    default:
      return false;
  }
}
