/** `node dist/sync-to-file.js SERVICE FILE [LIMIT] [KEYS.json]`: syncs a catalogue into a JSON file. */
import { readFile } from "node:fs/promises";
import { FileStore } from "./file-store.js";
import { type Options, Replica } from "./limber-sync.js";
import type { SigningKeys } from "./signatures.js";

const [service, path, limit, keys] = process.argv.slice(2);
if (!service || !path) {
  process.stderr.write("sync-to-file.js SERVICE FILE [LIMIT] [KEYS.json]\n");
  process.exit(2);
}
const options: Options = limit ? { limit: Number(limit) } : {};
// What `/.well-known/limber-signing-keys` of the service answered.
if (keys) options.signingKeys = JSON.parse(await readFile(keys, "utf8")) as SigningKeys;
const replica = new Replica(new FileStore(path), service, options);
const done = await replica.sync();
process.stdout.write(`revision ${done.revision}, ${done.pages} pages${done.reset ? ", fetched anew" : ""}\n`);
