import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { SlashContext } from "./slash-command.ts";

/** Lists what is known, or chooses. */
export async function chooseModel(context: SlashContext, name: string): Promise<void> {
  const { conversation, models, say, tell, phrases } = context;
  const sayModel = (model: string): Promise<void> =>
    say(phrases.prompt.model({ model: sanitizeLine(model) }));
  if (name !== "") return await sayModel(await conversation.chooseModel(name));
  const current = (await conversation.describe()).model;
  await sayModel(current);
  const known = (await models()).filter(({ model }) => model !== current);
  if (known.length === 0) return;
  const width = Math.max(...known.map(({ model }) => Bun.stringWidth(sanitizeLine(model))));
  const rows = known.map(({ model, label }) => {
    const shown = sanitizeLine(model);
    return `  ${shown}${" ".repeat(width - Bun.stringWidth(shown))}  ${sanitizeLine(label)}\n`;
  });
  await tell(rows.join(""));
}
