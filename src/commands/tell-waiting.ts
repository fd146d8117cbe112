import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { Saying } from "../words/define-words.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { CommandIo } from "./command-io.ts";

/** That something waits for the owner, and what he types to answer, where he cannot be asked. */
export async function tellWaiting(
  { approval: id, title }: { readonly approval: number; readonly title: string },
  io: Pick<CommandIo, "env">,
): Promise<Saying> {
  const { phrases } = await loadLanguage(io.env);
  const hint = `  nanoclaw approvals show ${id}\n  nanoclaw approvals allow ${id}`;
  return { message: phrases.approval.waits({ id, title: sanitizeLine(title) }), hint };
}
