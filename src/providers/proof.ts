/** What a provider wants back unchanged: what it is and its opaque value. */
export interface Proof {
  readonly kind: string;
  readonly value: string;
}

/** Names the maker in a signature, because no other provider may see it: a foreign one makes them refuse the request. */
export function sealProof(provider: string, proof: Proof): string {
  return JSON.stringify([provider, proof.kind, proof.value]);
}

/** The proof, if it was sealed for this provider. */
export function openProof(provider: string, signature: string | undefined): Proof | undefined {
  if (signature === undefined) return undefined;
  const [maker, kind, value] = parseSeal(signature);
  if (maker !== provider || typeof kind !== "string" || typeof value !== "string") return undefined;
  return { kind, value };
}

function parseSeal(signature: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(signature);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
