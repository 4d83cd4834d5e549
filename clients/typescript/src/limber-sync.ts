/**
 * A copy of a Limber catalogue in a browser, React Native or Node, kept up to date by `/v1/sync`.
 *
 * Where the copy lives is up to a `Store`: IndexedDB, SQLite, a file. `apply` must be all or nothing, the state together
 * with the documents; then the client may be killed at any moment. A store that keeps documents by `id` keeps an app's
 * own rows, such as favourites, at what they belong to when it is renamed.
 *
 *     const replica = new Replica(store, "https://api.example.org");
 *     await replica.sync();
 *
 * With `signingKeys` it shows only what the service signed, whoever stands between: all pages of a sync are applied
 * together then, once the last one is there.
 */
import type { components } from "./openapi.d.ts";
import { kept } from "./kept.js";
import { isSigned, type SigningKeys, type Verify } from "./signatures.js";
import { StagedStore } from "./staged-store.js";

type Schemas = components["schemas"];
export type Page = Schemas["SyncPage"];
export type Tombstone = Schemas["Tombstone"];
export type Document =
  | Schemas["Term"]
  | Schemas["Source"]
  | Schemas["Place"]
  | Schemas["Exercise"]
  | Schemas["Routine"];

/** A document as it is kept. `generation` tells what a fresh enumeration has brought from what was there before. */
export interface Kept {
  /** Stays when the slug changes. The document that is kept under this id gives way to this one. */
  id: string;
  kind: string;
  slug: string;
  generation: number;
  document: Document;
}

/** Where a sync stands. */
export interface State {
  generation: number;
  revision?: number;
  token?: string;
  next?: string;
}

/** Everything that one page changes, in this order. */
export interface Change {
  put: Kept[];
  /** What is kept under these slugs, if there is anything: what was renamed has been put under another one. */
  remove: { kind: string; slug: string }[];
  /** Also remove what is of an older generation than this. */
  removeBefore?: number;
  state: State;
}

/** Where the copy lives. */
export interface Store {
  state(): Promise<State>;
  /** Makes a change, all of it or nothing. */
  apply(change: Change): Promise<void>;
  documents(): AsyncIterable<Kept> | Iterable<Kept>;
}

export interface Options {
  kinds?: Document["kind"][];
  language?: string;
  /** Items on a page. */
  limit?: number;
  fetch?: typeof globalThis.fetch;
  /** The SHA-256 of some bytes. React Native has no `crypto.subtle`: give it that of a library. */
  sha256?: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
  /** What `/.well-known/limber-signing-keys` of the service itself answered; without it, whoever answers is trusted. */
  signingKeys?: SigningKeys;
  /** Verifies Ed25519 where WebCrypto does not. */
  verify?: Verify;
}

interface Answer {
  status: number;
  location: string | null;
  body: string;
}

/** What a sync did. `reset`: everything was fetched anew. */
export interface Synced {
  revision: number;
  pages: number;
  reset: boolean;
}

export class SyncError extends Error {}

/** What is held is not the catalogue, even after it was fetched anew. */
export class DigestMismatch extends SyncError {}

/** What was sent is not signed by a key that is trusted, even after it was fetched anew. */
export class SignatureMismatch extends SyncError {}

const MODULUS = 1n << 256n;
const ATTEMPTS = 4;
const TIMEOUT_MILLISECONDS = 30_000;
const LONGEST_WAIT_MILLISECONDS = 60_000;
const WORTH_ANOTHER_TRY = [429, 502, 503, 504];

export class Replica {
  readonly #store: Store;
  readonly #service: string;
  readonly #query: URLSearchParams;
  readonly #fetch: typeof globalThis.fetch;
  readonly #sha256: NonNullable<Options["sha256"]>;
  readonly #options: Options;

  constructor(store: Store, service: string, options: Options = {}) {
    this.#store = store;
    this.#options = options;
    this.#service = service.replace(/\/+$/, "");
    this.#query = new URLSearchParams();
    if (options.kinds?.length) this.#query.set("kinds", options.kinds.join(","));
    if (options.language) this.#query.set("lang", options.language);
    if (options.limit) this.#query.set("limit", String(options.limit));
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#sha256 = options.sha256 ?? ((bytes) => crypto.subtle.digest("SHA-256", bytes));
  }

  /**
   * Brings the copy to the catalogue's present revision, going on where a sync before was cut off.
   *
   * A token that the service no longer knows (410), that is of other kinds or another language (400), a page that is
   * not signed, or a copy whose digest is wrong is answered by fetching everything anew, once. Throws a SyncError, after
   * which `sync` may simply be called again.
   */
  async sync(): Promise<Synced> {
    if (!this.#options.signingKeys) return this.#sync(this.#store);
    // Whether a page is true shows when the last one is there.
    const staged = new StagedStore(this.#store);
    const synced = await this.#sync(staged);
    await staged.commit();
    return synced;
  }

  async #sync(store: Store): Promise<Synced> {
    let pages = 0;
    let reset = false;
    let resumed = (await store.state()).next !== undefined;
    for (;;) {
      const answer = await this.#request(await this.#address(store));
      if (answer.status === 400 || answer.status === 410) {
        if (reset) throw new SyncError(`A fresh enumeration is refused, too: ${answer.status}.`);
        await this.#reset(store, answer.location);
        reset = true;
        continue;
      }
      if (answer.status !== 200) {
        throw new SyncError(`The service answered ${answer.status}: ${answer.body.slice(0, 200)}`);
      }
      const page = parse(answer.body);
      pages += 1;
      if (!(await this.#isSigned(page))) {
        if (reset) throw new SignatureMismatch(`No trusted key signed the digest at revision ${page.revision}.`);
        await this.#reset(store, null);
        reset = true;
        continue;
      }
      await this.#apply(store, page);
      if (page.token === undefined) continue;
      if ((await this.#digest(store)) === page.digest) {
        const { generation } = await store.state();
        const state = { generation, revision: page.revision, token: page.token };
        await store.apply({ put: [], remove: [], state });
        if (!resumed) return { revision: page.revision, pages, reset };
        // What was cut off showed the revision of its own first page; there may be newer ones.
        resumed = false;
        continue;
      }
      if (reset) throw new DigestMismatch(`Another digest than ${page.digest} at revision ${page.revision}.`);
      await this.#reset(store, null);
      reset = true;
    }
  }

  async #isSigned(page: Page): Promise<boolean> {
    const { signingKeys, kinds, verify } = this.#options;
    return !signingKeys || (await isSigned(signingKeys, page, kinds ?? [], verify));
  }

  /** The digest of what is held: the sum of the SHA-256 of every document, modulo 2**256. */
  async digest(): Promise<string> {
    return this.#digest(this.#store);
  }

  async #digest(store: Store): Promise<string> {
    let total = 0n;
    for await (const { document } of store.documents()) {
      const text = new TextEncoder().encode(JSON.stringify(document));
      const hash = new Uint8Array(await this.#sha256(text));
      total += BigInt("0x" + Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(""));
    }
    return (total % MODULUS).toString(16).padStart(64, "0");
  }

  async #address(store: Store): Promise<string> {
    const { token, next } = await store.state();
    if (next) return next;
    const query = new URLSearchParams(this.#query);
    if (token) query.set("token", token);
    const text = query.toString();
    return `${this.#service}/v1/sync${text ? `?${text}` : ""}`;
  }

  async #request(address: string): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      let wait = 200 * 2 ** attempt;
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), TIMEOUT_MILLISECONDS);
      try {
        const response = await this.#fetch(address, {
          headers: { Accept: "application/json" },
          signal: controller.signal,
        });
        const { status, headers } = response;
        const answer = { status, location: headers.get("Location"), body: await response.text() };
        if (!WORTH_ANOTHER_TRY.includes(status) || attempt === ATTEMPTS) return answer;
        wait = Math.max(wait, 1000 * (Number(headers.get("Retry-After")) || 0));
      } catch (error) {
        if (attempt === ATTEMPTS) throw new SyncError(`No answer from ${address}.`, { cause: error });
      } finally {
        clearTimeout(timer);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, LONGEST_WAIT_MILLISECONDS)));
    }
  }

  /** Forgets where it was. What is held stays readable until the enumeration that begins now is complete. */
  async #reset(store: Store, location: string | null): Promise<void> {
    const { generation } = await store.state();
    const state: State = { generation: generation + 1 };
    if (location) state.next = new URL(location, `${this.#service}/v1/sync`).href;
    await store.apply({ put: [], remove: [], state });
  }

  async #apply(store: Store, page: Page): Promise<void> {
    const state = await store.state();
    const change: Change = { put: [], remove: [], state };
    for (const item of page.items) {
      if ("deleted" in item) change.remove.push({ kind: item.kind, slug: item.slug });
      else change.put.push(kept(item, state.generation));
    }
    if (page.next === undefined) change.removeBefore = state.generation;
    else change.state = { ...state, next: page.next };
    await store.apply(change);
  }
}

function parse(body: string): Page {
  let page: Partial<Page> | undefined;
  try {
    page = JSON.parse(body) as Partial<Page>;
  } catch {
    // Told below, as anything else that is no page.
  }
  // Public networks answer 200 with a page of their own until somebody signs in.
  if (!Array.isArray(page?.items) || (page.next ?? page.token) === undefined) {
    throw new SyncError(`This is no page of the feed: ${body.slice(0, 200)}`);
  }
  return page as Page;
}
