import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../blob/digest.ts";
import { openSeries } from "../series.ts";
import { configMaps, object, viewOf } from "../testing/cluster.ts";
import { recorded } from "../testing/recording.ts";
import { mirror, mirrorFiles, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { createRenderedFiles, type RenderedFile, type RenderedFiles } from "./rendered-files.ts";

const ROOM = 2 ** 20;

/** Writes over each file as soon as it was added: what is kept is a copy. */
async function keepTogether(kept: RenderedFiles, files: readonly RenderedFile[]): Promise<void> {
  const block = kept.gather();
  for (const { sha256, file } of files) {
    const lent = Buffer.from(file);
    block.add({ sha256, file: lent });
    lent.fill(0);
  }
  await block.keep();
}

function fileOf(text: string) {
  const file = Buffer.from(text);
  return { sha256: sha256Hex(file), file };
}

describe("createRenderedFiles", () => {
  it("gives each file back as it was kept, once, in whatever order", async () => {
    const blocks = fc.array(fc.array(fc.string({ maxLength: 200 }), { maxLength: 8 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(blocks, fc.infiniteStream(fc.nat()), async (texts, order) => {
        const kept = createRenderedFiles(ROOM);
        for (const block of texts) await keepTogether(kept, block.map(fileOf));
        const names = [...new Set(texts.flat().map((text) => fileOf(text).sha256))];
        const byName = new Map(texts.flat().map((text) => [fileOf(text).sha256, text]));
        while (names.length > 0) {
          const [name = ""] = names.splice((order.next().value ?? 0) % names.length, 1);
          expect((await kept.take(name))?.toString()).toBe(byName.get(name));
          expect(await kept.take(name)).toBeUndefined();
        }
      }),
      { numRuns: 50 },
    );
  });

  it("keeps blocks that are gathered at a time apart, and each until it is compressed", async () => {
    const kept = createRenderedFiles(ROOM);
    const texts = Array.from({ length: 8 }, (_, number) => `${number} of several `.repeat(8_000));
    const keepTwice = async (text: string) => {
      await keepTogether(kept, [fileOf(text)]);
      await keepTogether(kept, [fileOf(`${text}, again`)]);
    };
    await Promise.all(texts.map(keepTwice));
    for (const text of texts.flatMap((first) => [first, `${first}, again`])) {
      expect((await kept.take(fileOf(text).sha256))?.equals(Buffer.from(text))).toBe(true);
    }
  });

  it("keeps nothing more once there is no room", async () => {
    const kept = createRenderedFiles(400);
    const [first, second, third] = [fileOf("first"), fileOf("second"), fileOf("third")];
    for (const file of [first, second, third]) await keepTogether(kept, [file]);
    expect(await kept.take(first.sha256)).toEqual(first.file);
    expect(await kept.take(second.sha256)).toEqual(second.file);
    expect(await kept.take(third.sha256)).toBeUndefined();
  });
});

describeOnStores(["folder"], (fresh) => {
  const before = Array.from({ length: 60 }, (_, number) => object(configMaps, `shop/m${10 + number}`, "1", "old"));
  const after = before.map((one, index) => (index === 30 ? object(configMaps, one.key, "2", "new") : one));

  /** A view, and the keys of what it was asked to render. */
  function countingView() {
    const rendered: string[] = [];
    const view = viewOf("view-1");
    const render: typeof view.render = (type, one) => {
      rendered.push(one.key);
      return view.render(type, one);
    };
    return { rendered, view: { ...view, render } };
  }

  it("a first run renders each object once, and reads no segment back", async () => {
    const store = fresh();
    const { rendered, view } = countingView();
    const files = createRenderedFiles(ROOM);
    await takeSnapshot(store, [{ type: configMaps, objects: before }], { view, rendered: files });
    const watched = recorded(store);
    expect(await mirror(watched.store, { view, rendered: files })).toMatchObject({ put: 60, failures: [] });
    expect(rendered).toEqual(before.map(({ key }) => key));
    expect(watched.requests.filter((request) => request.startsWith("get _snapshots/segments/"))).toEqual([]);
    const other = fresh();
    await takeSnapshot(other, [{ type: configMaps, objects: before }]);
    await mirror(other);
    expect(await mirrorFiles(store)).toEqual(await mirrorFiles(other));
  });

  it("files of a segment that is rendered in several goes are all kept, each as it was rendered", async () => {
    const large = before.map((one, index) => object(configMaps, one.key, "1", `${index} `.repeat(7_000)));
    const [store, other] = [fresh(), fresh()];
    const { rendered, view } = countingView();
    const files = createRenderedFiles(ROOM);
    const { manifest } = await takeSnapshot(store, [{ type: configMaps, objects: large }], { view, rendered: files });
    expect(manifest.types[0]?.segments.some(({ rawBytes }) => rawBytes > 2 ** 19)).toBe(true);
    await mirror(store, { view, rendered: files });
    expect(rendered).toEqual(large.map(({ key }) => key));
    await takeSnapshot(other, [{ type: configMaps, objects: large }]);
    await mirror(other);
    expect(await mirrorFiles(store)).toEqual(await mirrorFiles(other));
  });

  it("a run after a change renders what moved, and its states are those of a run that renders everything", async () => {
    const store = fresh();
    await takeSnapshot(store, [{ type: configMaps, objects: before }]);
    await mirror(store);
    const { rendered, view } = countingView();
    const files = createRenderedFiles(ROOM);
    const taken = await takeSnapshot(store, [{ type: configMaps, objects: after }], { view, rendered: files });
    expect(await mirror(store, { view, rendered: files })).toMatchObject({ put: 1, deleted: 0 });
    expect(rendered).toEqual(["shop/m40"]);
    const whole = await takeSnapshot(fresh(), [{ type: configMaps, objects: after }]);
    const statesOf = (from: typeof taken) =>
      from.manifest.types.flatMap((type) => type.segments.map((one) => one.state));
    expect(statesOf(taken)).toEqual(statesOf(whole));
  });

  it("renders everything anew where files are made another way now, or the parent's state is gone", async () => {
    const store = fresh();
    await takeSnapshot(store, [{ type: configMaps, objects: before }]);
    const other = countingView();
    await takeSnapshot(store, [{ type: configMaps, objects: after }], {
      view: { ...other.view, fingerprint: "view-2" },
    });
    expect(other.rendered).toHaveLength(60);
    const newest = await openSeries(store, "default").newest(call);
    const states = newest?.manifest.types.flatMap(({ segments }) => segments.map(({ state }) => state.sha256)) ?? [];
    for (const sha256 of states) await store.delete(`_snapshots/state/${sha256}.ndjson.zst`, call);
    const { rendered, view } = countingView();
    await takeSnapshot(store, [{ type: configMaps, objects: before }], { view: { ...view, fingerprint: "view-2" } });
    expect(rendered).toHaveLength(60);
  });

  it("objects that look unmoved for want of a version are rendered each time", async () => {
    const store = fresh();
    const nameless = before.map((one) => ({ ...one, uid: "" }));
    await takeSnapshot(store, [{ type: configMaps, objects: nameless }]);
    const { rendered, view } = countingView();
    await takeSnapshot(store, [{ type: configMaps, objects: nameless }], { view });
    expect(rendered).toHaveLength(60);
  });

  it("files of another view are not taken for those of this one", async () => {
    const store = fresh();
    const files = createRenderedFiles(ROOM);
    await takeSnapshot(store, [{ type: configMaps, objects: before }], { rendered: files });
    const view = viewOf("view-2", { heading: "other file" });
    await mirror(store, { view, rendered: files });
    expect((await mirrorFiles(store))["shop/configmaps/m10.yaml"]).toBe('# other file of shop/m10\ndata: "old"\n');
  });
});
