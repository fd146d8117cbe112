/** Of base64, in one request: with the words beside them it stays below the 32 MB that servers take. */
const mostBytes = 20_000_000;

/** With more, a server takes only small ones. */
const mostImages = 20;

/**
 * How many of the oldest pictures of a conversation stay away from the model, given the sizes of all in their order.
 * When they are too many, half of them go at once: each time that one goes, the provider's cache has to begin anew.
 * What stays is the same whether it is counted from the first picture or from the first that stayed.
 */
export function countForgotten(sizes: readonly number[]): number {
  let first = 0;
  let bytes = 0;
  for (const [index, size] of sizes.entries()) {
    bytes += size;
    if (bytes <= mostBytes && index - first < mostImages) continue;
    while (first < index && (bytes > mostBytes / 2 || index - first >= mostImages / 2)) {
      bytes -= sizes[first] ?? 0;
      first += 1;
    }
  }
  return first;
}

/** What stands in the place of a picture that stays away. */
export const forgottenImage = "[A picture was here. It is no longer shown.]";
