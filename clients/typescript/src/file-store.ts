/** A store in one JSON file, replaced as a whole: for Node, for tests, and as the smallest example of a store. */
import { open, readFile, rename } from "node:fs/promises";
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
    for (const each of change.put) {
      documents[`${each.kind}/${each.slug}`] = each.document;
      generations[`${each.kind}/${each.slug}`] = each.generation;
    }
    const gone = change.remove.map(({ kind, slug }) => `${kind}/${slug}`);
    const oldest = change.removeBefore ?? 0;
    gone.push(...Object.keys(generations).filter((key) => (generations[key] ?? 0) < oldest));
    for (const key of gone) {
      delete documents[key];
      delete generations[key];
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
    for (const [key, document] of Object.entries(documents)) {
      yield { kind: document.kind, slug: document.slug, generation: generations[key] ?? 0, document };
    }
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
