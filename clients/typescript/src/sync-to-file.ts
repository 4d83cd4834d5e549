/** `node dist/sync-to-file.js SERVICE FILE [LIMIT]`: syncs a catalogue into a JSON file. */
import { FileStore } from "./file-store.js";
import { Replica } from "./limber-sync.js";

const [service, path, limit] = process.argv.slice(2);
if (!service || !path) {
  process.stderr.write("sync-to-file.js SERVICE FILE [LIMIT]\n");
  process.exit(2);
}
const replica = new Replica(new FileStore(path), service, limit ? { limit: Number(limit) } : {});
const done = await replica.sync();
process.stdout.write(`revision ${done.revision}, ${done.pages} pages${done.reset ? ", fetched anew" : ""}\n`);
