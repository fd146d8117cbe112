/** One that can be written to. Narrower than what standards allow: what is left out is not seen on people's mail. */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 && /^[^\s<>()[\]\\,;:"@/\p{Cc}\uFFFD]+@[^\s<>()[\]\\,;:"@/\p{Cc}\uFFFD]+$/u.test(text)
  );
}
