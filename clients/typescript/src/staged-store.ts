/** A store that keeps changes to itself until `commit`, for copies that show only what is known to be signed. */
import { keyOf } from "./kept.js";
import type { Change, Kept, State, Store } from "./limber-sync.js";

export class StagedStore implements Store {
  readonly #store: Store;
  readonly #put = new Map<string, Kept>();
  readonly #remove = new Map<string, { kind: string; slug: string }>();
  #removeBefore = 0;
  #state: State | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  async state(): Promise<State> {
    return this.#state ?? (await this.#store.state());
  }

  async apply(change: Change): Promise<void> {
    for (const each of change.put) {
      this.#put.set(keyOf(each), each);
      this.#remove.delete(keyOf(each));
    }
    for (const each of change.remove) {
      this.#put.delete(keyOf(each));
      this.#remove.set(keyOf(each), each);
    }
    this.#removeBefore = Math.max(this.#removeBefore, change.removeBefore ?? 0);
    for (const [key, { generation }] of this.#put) {
      if (generation < this.#removeBefore) this.#put.delete(key);
    }
    this.#state = change.state;
  }

  async *documents(): AsyncIterable<Kept> {
    const renewed = new Set(Array.from(this.#put.values(), ({ id }) => id));
    for await (const each of this.#store.documents()) {
      const key = keyOf(each);
      if (!renewed.has(each.id) && !this.#put.has(key) && !this.#remove.has(key) && each.generation >= this.#removeBefore) yield each;
    }
    yield* this.#put.values();
  }

  /** Makes all changes at once. */
  async commit(): Promise<void> {
    await this.#store.apply({
      put: [...this.#put.values()],
      remove: [...this.#remove.values()],
      removeBefore: this.#removeBefore,
      state: await this.state(),
    });
  }
}
