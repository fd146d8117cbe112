import type { Fetched, Page } from "../tools/web/read-page.ts";
import type { DecoderPlace } from "./open-decoder.ts";

/** What makes words of what others wrote; loaded when it is used. */
export function createDecode(place: DecoderPlace): (fetched: Fetched, signal: AbortSignal) => Promise<Page> {
  return async (fetched, signal) => {
    const [{ decodeApart }, { openDecoder }] = await Promise.all([
      import("../tools/web/decode-apart.ts"),
      import("./open-decoder.ts"),
    ]);
    return await decodeApart(fetched, () => openDecoder(place), signal);
  };
}
