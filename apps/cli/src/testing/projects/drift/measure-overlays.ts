import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What lies in the bases and overlays of a checkout. */
export interface OverlayMeasure {
  /** Of everything that kustomize reads: objects, patches, kustomizations. */
  readonly lines: number;
  /** Objects in a base. */
  readonly shared: number;
  /** Those of them that at least one overlay patches. */
  readonly patched: number;
  readonly patches: number;
  /** Objects that stand whole in overlays ("namespaces/shop/deployment-web.yaml"), with the environments that hold them. */
  readonly whole: ReadonlyMap<string, readonly string[]>;
}

/** Looks at the folders below `below`, "namespaces" or "cluster". */
export async function measureOverlays(checkout: string, below: string): Promise<OverlayMeasure> {
  const entries = await readdir(join(checkout, below), { recursive: true });
  const files = entries.filter((file) => isBuilt(file)).map((file) => join(below, file));
  const whole = new Map<string, string[]>();
  const patched = new Set<string>();
  let [lines, shared, patches] = [0, 0, 0];
  for (const file of files.toSorted()) {
    lines += linesOf(await readFile(join(checkout, file), "utf8"));
    const name = basename(file);
    const environment = basename(dirname(file));
    const object = join(dirname(dirname(file)), name);
    if (name === "kustomization.yaml") continue;
    if (environment === "base") shared += 1;
    else if (name.startsWith("patch-")) {
      patches += 1;
      patched.add(object);
    } else whole.set(object, [...(whole.get(object) ?? []), environment]);
  }
  return { lines, shared, patched: patched.size, patches, whole };
}

/** How many lines a file has. */
export function linesOf(text: string): number {
  return text.split("\n").length - 1;
}

function isBuilt(file: string): boolean {
  return file.endsWith(".yaml") && basename(file) !== "application.yaml";
}
