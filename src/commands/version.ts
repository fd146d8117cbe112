import manifest from "../../package.json" with { type: "json" };

/** Set by the build: the version with the commit it was made from. */
declare const NANOCLAW_VERSION: string;

export const version: string = typeof NANOCLAW_VERSION === "string" ? NANOCLAW_VERSION : manifest.version;
