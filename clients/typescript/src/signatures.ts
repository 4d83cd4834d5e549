/** Checks the signatures of a catalogue: Ed25519 over the revision, a line feed and the digest. */

/** A signature as pages, snapshots and releases have it. */
export interface Signature {
  key_id: string;
  value: string;
}

/** What `/.well-known/limber-signing-keys` answers. */
export interface SigningKeys {
  keys: { id: string; algorithm: string; public_key: string }[];
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Whether a public key of 32 bytes signed a message. */
export type Verify = (publicKey: Bytes, signature: Bytes, message: Bytes) => Promise<boolean>;

/** By WebCrypto: browsers since 2025, Node 20. */
export const verifyByWebCrypto: Verify = async (publicKey, signature, message) => {
  const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
};

/** Whether one of the keys signed a revision and a digest; of a part of the catalogue, its kinds too. */
export async function isSigned(
  { keys }: SigningKeys,
  { revision, digest, signature }: { revision: number; digest: string; signature?: Signature | null | undefined },
  kinds: readonly string[],
  verify: Verify = verifyByWebCrypto,
): Promise<boolean> {
  const key = keys.find(({ id, algorithm }) => id === signature?.key_id && algorithm === "Ed25519");
  if (!key || !signature) return false;
  const whole = `${revision}\n${digest}`;
  // All kinds, spelt out, are the whole catalogue to the service.
  const messages = kinds.length ? [whole, `${whole}\n${[...new Set(kinds)].sort().join(",")}`] : [whole];
  for (const message of messages) {
    const text = new TextEncoder().encode(message);
    if (await verify(bytes(key.public_key), bytes(signature.value), text)) return true;
  }
  return false;
}

/** The bytes of a text in base64; none where it is no such text. */
function bytes(base64: string): Bytes {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
