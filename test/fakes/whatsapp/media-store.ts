import { createDecipheriv } from "node:crypto";
import { getMediaKeys, type proto } from "baileys";

/** Where telephones put encrypted files and fetch them from. */
export class MediaStore {
  readonly files = new Map<string, Uint8Array>();
  /** With these the next uploads are answered. */
  readonly refusals: number[] = [];

  async serve(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      const refusal = this.refusals.shift();
      if (refusal !== undefined) return new Response("", { status: refusal });
      this.files.set(pathname, new Uint8Array(await request.arrayBuffer()));
      return Response.json({ direct_path: pathname, url: `https://mmg.whatsapp.net${pathname}` });
    }
    const file = this.files.get(pathname);
    return file === undefined ? new Response("", { status: 404 }) : new Response(Uint8Array.from(file));
  }

  /** With what the message says of it. */
  async open(message: proto.Message.IDocumentMessage): Promise<Uint8Array> {
    const sealed = this.files.get(message.directPath ?? "") ?? new Uint8Array();
    const { cipherKey, iv } = await getMediaKeys(message.mediaKey ?? new Uint8Array(), "document");
    const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv);
    return Buffer.concat([decipher.update(sealed.subarray(0, -10)), decipher.final()]);
  }
}
