/** So many ConfigMaps of a kilobyte in the namespace "shop", past the API server's front door: map-0, map-1 and so on. */
export function* plantedMaps(count: number): Iterable<{ path: string; object: object }> {
  const creationTimestamp = "2026-01-01T00:00:00Z";
  const shop = { name: "shop", uid: "shop", creationTimestamp };
  yield { path: "namespaces/shop", object: { apiVersion: "v1", kind: "Namespace", metadata: shop } };
  for (let number = 0; number < count; number++) {
    const name = `map-${number}`;
    const metadata = { name, namespace: "shop", uid: `uid-${number}`, creationTimestamp };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { text: `${number} `.repeat(200) } };
    yield { path: `configmaps/shop/${name}`, object };
  }
}
