/**
 * Takes out what no sentence may hold: credentials and queries of addresses, and words that look like a key. A net
 * below those who put sentences together: they do not hand in secrets.
 */
export function hideSecrets(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replace(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#]*@/gi, "$1")
    .replace(/(\b[a-z][a-z\d+.-]*:\/\/[^\s?#]*)[?#][^\s]*/gi, "$1")
    .replace(/\bBearer\s+\S+/gi, "Bearer [secret]")
    .replace(keys, "[secret]");
}

/** A folder `sk-learn-projects` is none: a key is long and has a digit in it. */
const keys =
  /\b(?:(?:sk|pk|rk|gsk|vck|xai|ghp|gho|hf|r8|pplx|nvapi|key)[-_](?=[\w-]*\d)[\w-]{16,}|AIza[\w-]{20,}|ey[JK][\w-]{10,}\.[\w-]{6,}\.[\w-]*)/g;

/** Most facts are plain words: one look says so. */
const suspicious = /:\/\/|bearer|[-_]|AIza|ey[JK]/i;
