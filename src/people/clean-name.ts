const longest = 40;

/**
 * A name that somebody gave himself, harmless in a sentence to another: letters, digits and a few signs, so that it is
 * neither a line of its own nor a link, a mention or a mark of any chat app. Empty when nothing of it is left.
 */
export function cleanName(name: string | undefined): string {
  const plain = (name ?? "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}'’ -]/gu, " ")
    .replace(/(\p{M}{2})\p{M}+/gu, "$1")
    .replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(plain);
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join("")}…`;
}
