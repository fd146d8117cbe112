/** Whether a server refused a request because its model sees no pictures; one that is broken or odd is another matter. */
export function complainsOfImages(said: string): boolean {
  return blindness.test(said) && !/format|media[ _]?type|mime/i.test(said);
}

const blindness =
  /unknown variant .?image|image_url|no endpoints found that support image|(not|n't) support.{0,24}(image|vision|multimodal)|(image|vision|multimodal).{0,24}(not|n't|only|un)[ -]?support/i;
