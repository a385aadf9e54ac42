import { createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { configMap, typeOf } from "@kubeferry/test-fleet";
import { expect, it } from "vitest";
import { type Catalog, createCatalog } from "../catalog.ts";
import { createFindings } from "../findings.ts";
import { openSpool } from "../spool.ts";
import { type Viewable, type ViewContext, viewObject } from "./view-objects.ts";

const FOLDER = "namespaces/shop";
const cleaner = createCleaner();

function viewable(source: string, object: JsonObject, name = "settings"): Viewable {
  const ref = { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name };
  return { source, folder: FOLDER, type: typeOf(object), ref, object };
}

/** Refuses what holds "secret", and notes what it was asked about. */
function contextOf(catalog: Catalog, scanned: string[]): ViewContext {
  return {
    cleaner,
    factsOf: () => ({ scaled: false, applications: new Set() }),
    holdsSecret: () => false,
    isLetIn: ({ folder, ref }, sha256) => catalog.holds(folder, ref, sha256),
    scan(object) {
      const text = JSON.stringify(object);
      scanned.push(text);
      return text.includes("secret") ? "it looks like a credential" : undefined;
    },
  };
}

it("looks through the file of an object once, however many clusters have it, and again where it is another one", async () => {
  const [catalog, scanned, findings, spool] = [createCatalog(), [] as string[], createFindings(), await openSpool()];
  const context = contextOf(catalog, scanned);
  async function view(each: Viewable): Promise<boolean> {
    const viewed = viewObject(each, context, findings);
    if (viewed === undefined) return false;
    const { folder, source, ref, yaml, sha256 } = viewed;
    catalog.add(folder, source, ref, await spool.put(yaml, sha256));
    return true;
  }
  const same = configMap("shop/settings", { level: "info" });
  expect(await view(viewable("a", same))).toBe(true);
  expect(await view(viewable("b", { ...same, metadata: { ...(same.metadata as JsonObject), uid: "another" } }))).toBe(
    true,
  );
  expect(scanned).toHaveLength(1);
  expect(await view(viewable("c", configMap("shop/settings", { level: "secret" })))).toBe(false);
  expect(await view(viewable("d", configMap("shop/settings", { level: "debug" })))).toBe(true);
  // What was refused is refused again, and of another object nothing is known.
  expect(await view(viewable("e", configMap("shop/settings", { level: "secret" })))).toBe(false);
  expect(await view(viewable("a", same, "others"))).toBe(true);
  expect(scanned).toHaveLength(5);
  expect(findings.blocked).toHaveLength(1);
  await spool.close();
});
