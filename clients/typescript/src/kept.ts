/** Documents as copies keep them. */
import type { Document, Kept } from "./limber-sync.js";

/** A document's address in a copy. */
export function keyOf({ kind, slug }: { kind: string; slug: string }): string {
  return `${kind}/${slug}`;
}

/** A document as it is kept. One of a service that gave no ids yet is told by its slug. */
export function kept(document: Document, generation: number): Kept {
  const { kind, slug } = document;
  return { id: document.id ?? keyOf(document), kind, slug, generation, document };
}
