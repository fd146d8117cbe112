import { parseArgs } from "node:util";
import { AppError, systemCode } from "../errors.ts";
import type { Wishes } from "./login/save-choice.ts";

export interface OnboardArguments extends Wishes {
  /** How the model is found; `ask` when nothing says so. */
  readonly way: "ask" | "key" | "demo" | "openrouter" | "local" | "settings";
  readonly isReset: boolean;
}

const usage =
  "nanoclaw onboard [--key-stdin | --openrouter | --local | --demo] [--provider P] [--model M] [--api-base U] [--reset]";

export function parseOnboardArguments(args: readonly string[]): OnboardArguments {
  const values = parse(args);
  const ways = (["key-stdin", "demo", "openrouter", "local"] as const).filter((way) => values[way] === true);
  if (ways.length > 1) {
    throw new AppError("usage", `Only one of --${ways.join(" and --")} can be meant.`, { hint: usage });
  }
  const wishes = { provider: values.provider, model: values.model, apiBase: values["api-base"] };
  const hasWishes = Object.values(wishes).some((value) => value !== undefined);
  const [way = hasWishes ? "settings" : "ask"] = ways;
  if (wishes.apiBase !== undefined && wishes.provider === undefined && way !== "local") {
    throw new AppError("usage", "--api-base belongs to a provider.", { hint: "Name it: --provider NAME" });
  }
  if (way === "demo" && hasWishes) {
    throw new AppError("usage", "--demo takes no provider, model or address.", { hint: usage });
  }
  return { ...wishes, way: way === "key-stdin" ? "key" : way, isReset: values.reset === true };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "key-stdin": { type: "boolean" },
        demo: { type: "boolean" },
        openrouter: { type: "boolean" },
        local: { type: "boolean" },
        reset: { type: "boolean" },
        provider: { type: "string" },
        model: { type: "string" },
        "api-base": { type: "string" },
      },
    }).values;
  } catch (cause) {
    // Node quotes a stray word, and that may be the key itself.
    const isStray = systemCode(cause) === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL";
    if (isStray) {
      throw new AppError("usage", "onboard takes no words of its own: a key goes to --key-stdin.", {
        hint: usage,
      });
    }
    const message = cause instanceof Error ? (cause.message.split(". ")[0] ?? "") : "";
    throw new AppError("usage", `${message}.`, { hint: usage, cause });
  }
}
