/** A response that ends before it is whole: nobody can know what it would have said. */
export function cutResponse(): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"ok":tr'));
      controller.close();
    },
  });
  return new Response(body);
}
