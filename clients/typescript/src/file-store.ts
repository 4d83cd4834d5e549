/** A store in one JSON file, replaced as a whole: for Node, for tests, and as the smallest example of a store. */
import { open, readFile, rename } from "node:fs/promises";
import { kept, keyOf } from "./kept.js";
import type { Change, Kept, State, Store } from "./limber-sync.js";

interface Content {
  state: State;
  generations: Record<string, number>;
  documents: Record<string, Kept["document"]>;
}

export class FileStore implements Store {
  readonly #path: string;
  #content: Content | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async state(): Promise<State> {
    return (await this.#read()).state;
  }

  async apply(change: Change): Promise<void> {
    const before = await this.#read();
    const documents = { ...before.documents };
    const generations = { ...before.generations };
    const forget = (id: string): void => {
      delete documents[id];
      delete generations[id];
    };
    // No two documents have one slug: whoever else has that of what is put, or of what is removed, goes.
    const put = new Map(change.put.map((each) => [keyOf(each), each.id]));
    const remove = new Set(change.remove.map(keyOf));
    for (const each of change.put) {
      documents[each.id] = each.document;
      generations[each.id] = each.generation;
    }
    for (const [id, document] of Object.entries(documents)) {
      const key = keyOf(document);
      const old = (generations[id] ?? 0) < (change.removeBefore ?? 0);
      if (old || remove.has(key) || (put.get(key) ?? id) !== id) forget(id);
    }
    const content = { state: change.state, generations, documents };
    const file = await open(`${this.#path}.new`, "w");
    try {
      await file.writeFile(JSON.stringify(content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.new`, this.#path);
    this.#content = content;
  }

  async *documents(): AsyncIterable<Kept> {
    const { documents, generations } = await this.#read();
    for (const [id, document] of Object.entries(documents)) yield kept(document, generations[id] ?? 0);
  }

  async #read(): Promise<Content> {
    if (!this.#content) {
      try {
        this.#content = JSON.parse(await readFile(this.#path, "utf8")) as Content;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        this.#content = { state: { generation: 0 }, generations: {}, documents: {} };
      }
    }
    return this.#content;
  }
}
