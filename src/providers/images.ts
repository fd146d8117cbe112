import type { ImagePart } from "../image.ts";
import { countForgotten, forgottenImage } from "../image-window.ts";
import type { Message } from "./provider.ts";

/** What a model that cannot see reads in the place of a picture, so that it can say so. */
export const unseenImage = "[A picture is here, but you cannot see pictures. Say so.]";

/** Without the oldest pictures where they are too many or too large together. */
export function forgetOldImages(messages: readonly Message[]): readonly Message[] {
  let left = countForgotten(messages.flatMap(imagesOf).map(({ data }) => data.length));
  return left === 0 ? messages : replaceImages(messages, forgottenImage, () => left-- > 0);
}

/** Without the pictures that were not read back, because they are too old or are no longer there. */
export function forgetLostImages(messages: readonly Message[]): readonly Message[] {
  return replaceImages(messages, forgottenImage, ({ data }) => data === "");
}

/** For a model that sees nothing. */
export function hideImages(messages: readonly Message[]): readonly Message[] {
  return replaceImages(messages, unseenImage, () => true);
}

function imagesOf(message: Message): readonly ImagePart[] {
  switch (message.role) {
    case "user":
      return message.content.filter((part) => part.type === "image");
    case "tool":
      return message.images ?? [];
    case "assistant":
      return [];
    default:
      return message satisfies never;
  }
}

/** Each picture is asked about once, in their order. In a result, the text stands behind its words. */
function replaceImages(
  messages: readonly Message[],
  text: string,
  isReplaced: (image: ImagePart) => boolean,
): Message[] {
  return messages.map((message) => {
    switch (message.role) {
      case "user": {
        const content = message.content.map((part) =>
          part.type === "image" && isReplaced(part) ? ({ type: "text", text } as const) : part,
        );
        return { ...message, content };
      }
      case "tool": {
        const { images = [], ...rest } = message;
        const kept = images.filter((image) => !isReplaced(image));
        if (kept.length === images.length) return message;
        const lines = Array.from({ length: images.length - kept.length }, () => text);
        const content = [rest.content, ...lines].join("\n");
        return kept.length === 0 ? { ...rest, content } : { ...rest, content, images: kept };
      }
      case "assistant":
        return message;
      default:
        return message satisfies never;
    }
  });
}
