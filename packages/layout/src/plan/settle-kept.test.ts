import { describe, expect, it } from "vitest";
import { textContent } from "../content.ts";
import type { FolderSettings } from "../environments/settings.ts";
import type { EnvironmentOrigin } from "../folders/ownership.ts";
import type { RetainedObject } from "./retain.ts";
import { settleKept } from "./settle-kept.ts";

const ORIGIN: EnvironmentOrigin = { cluster: "crc.testing/wrl62", uid: "u", series: "default" };
const ELSEWHERE: EnvironmentOrigin = { ...ORIGIN, elsewhere: true };
const WEB = { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" };
const CHANGED = textContent("replicas: 5\n");
const PLAIN = textContent("replicas: 2\n");
const SHARED = textContent("replicas: 3\n");

/**
 * Deployment shop/web as Git has it in the environments of `before`, and where they are deployed now.
 * @param inBase what the base has of it, and whether no other cluster has a share in that; left out, overlays hold it whole
 */
function settle(
  before: Readonly<Record<string, EnvironmentOrigin>>,
  now: Readonly<Record<string, { readonly overridden: boolean; readonly namespace?: string }>>,
  inBase: Pick<RetainedObject, "base" | "baseIsSource"> = { base: undefined, baseIsSource: true },
) {
  const contentOf = (origin: EnvironmentOrigin) => (origin.elsewhere ? CHANGED : PLAIN);
  const overlays = new Map(Object.entries(before).map(([name, origin]) => [name, contentOf(origin)]));
  const missing = { ref: WEB, proof: WEB, base: undefined, overlays: new Map(), without: [], everywhere: true };
  const kept: RetainedObject = { source: "a", missing, ...inBase, overlays };
  return settleKept("namespaces/shop", kept, before, {
    environments: Object.keys(now).map((name) => ({ name, source: "a" })),
    settingsOf: (_namespace, name) => ({ namespace: "shop", ...now[name] }) as FolderSettings,
  });
}

describe("what Git keeps of an object", () => {
  it("stays as it is in an environment that is deployed as it was", () => {
    const settled = settle(
      { dev: { ...ELSEWHERE, namespace: "x" }, prod: ORIGIN },
      {
        dev: { overridden: true, namespace: "x" },
        prod: { overridden: false },
      },
    );
    expect(settled).toMatchObject({
      overlays: new Map([
        ["dev", CHANGED],
        ["prod", PLAIN],
      ]),
      missing: { without: [] },
    });
  });

  it("is the source's where the environment goes to the source cluster now, as far as Git knows that", () => {
    const now = { dev: { overridden: false }, prod: { overridden: false } };
    expect(settle({ dev: ELSEWHERE, prod: ORIGIN }, now)).toMatchObject({
      overlays: new Map([
        ["dev", PLAIN],
        ["prod", PLAIN],
      ]),
    });
    expect(settle({ dev: ELSEWHERE }, { dev: { overridden: false } })).toEqual({
      unsettled: "Deployment shop/web is in dev as it was changed for another cluster",
    });
  });

  it("says what the source gave only where Git shows it after this run too", () => {
    const stays = settle({ prod: ORIGIN }, { prod: { overridden: false } });
    expect(stays).toMatchObject({ gave: PLAIN });
    const leaves = settle({ prod: ORIGIN }, { prod: { overridden: true, namespace: "shop" } });
    expect(leaves).toMatchObject({ overlays: new Map([["prod", PLAIN]]), gave: undefined });
    const joins = settle(
      { prod: ORIGIN },
      { prod: { overridden: true, namespace: "shop" }, qa: { overridden: false } },
    );
    expect(joins).toMatchObject({ gave: PLAIN });
    const inBase = settle({ dev: ELSEWHERE }, { dev: { overridden: true } }, { base: SHARED, baseIsSource: true });
    expect(inBase).toMatchObject({ gave: SHARED });
  });

  it("is the source's as the base has it, unless other clusters have a share in that", () => {
    const [before, now] = [{ dev: ELSEWHERE }, { dev: { overridden: false }, qa: { overridden: false } }];
    expect(settle(before, now, { base: SHARED, baseIsSource: true })).toMatchObject({
      overlays: new Map([["dev", SHARED]]),
      missing: { without: [] },
    });
    const [dev, elsewhere] = [{ dev: { overridden: false } }, { dev: { overridden: true, namespace: "shop" } }];
    expect(settle(before, dev, { base: SHARED, baseIsSource: false })).toEqual({
      unsettled: "Deployment shop/web is in dev as it was changed for another cluster",
    });
    const qa = { ...elsewhere, qa: { overridden: false } };
    expect(settle(before, qa, { base: SHARED, baseIsSource: false })).toMatchObject({
      overlays: new Map([["dev", CHANGED]]),
      missing: { without: ["qa"] },
    });
    expect(settle({ ...before, prod: ORIGIN }, now, { base: SHARED, baseIsSource: false })).toMatchObject({
      overlays: new Map([
        ["dev", PLAIN],
        ["prod", PLAIN],
      ]),
    });
  });

  it("is not settled where the namespace is called otherwise now", () => {
    const to = (namespace: string) => ({ dev: { overridden: true, namespace } });
    expect(settle({ dev: ELSEWHERE }, to("shop-dev"))).toEqual({
      unsettled: "Deployment shop/web is in dev for namespace shop, and not for shop-dev",
    });
    expect(settle({ dev: { ...ELSEWHERE, namespace: "shop-dev" } }, to("shop"))).toHaveProperty("unsettled");
    expect(settle({ dev: ORIGIN }, to("shop-dev"))).toHaveProperty("unsettled");
  });

  it("goes to a new environment only as the source's, and is not lost with an old name", () => {
    const overridden = { overridden: true };
    expect(settle({ prod: ORIGIN }, { prod: { overridden: false }, dev: overridden })).toMatchObject({
      missing: { without: ["dev"] },
    });
    expect(settle({ prod: ORIGIN }, { live: { overridden: false } })).toMatchObject({ missing: { without: [] } });
    for (const now of [{ qa: overridden }, { qa: { overridden: false } }]) {
      expect(settle({ dev: ELSEWHERE }, now)).toEqual({
        unsettled:
          "Deployment shop/web is in no environment any more, and what the new ones would have of it is not known",
      });
    }
  });
});
