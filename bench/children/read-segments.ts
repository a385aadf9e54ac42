// The limit `reading`: a snapshot's manifest and all of its segments, read and thrown away.
import { argument, report } from "../frame/child.ts";
import { readSegments } from "../read-segments.ts";
import { benchCall, newestOf, openPlace, type StoredPlace } from "../stored-snapshot.ts";

const store = await openPlace(argument<StoredPlace>());
await store.prepare(benchCall);

await report(async () => ({ ...(await readSegments(store, await newestOf(store))) }));
