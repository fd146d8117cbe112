import { AppError } from "../errors.ts";
import { emailWords } from "../words/english/email.ts";

/** Who alone may sign the servers' certificates, where no public authority does. Throws `AppError("config")`. */
export async function readAuthority(caFile: string): Promise<{ readonly ca?: string }> {
  if (caFile === "") return {};
  const text = await Bun.file(caFile)
    .text()
    .catch(() => "");
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new AppError("config", emailWords.noAuthority({ path: caFile }));
  }
  return { ca: text };
}
