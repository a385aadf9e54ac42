import { expect, it } from "vitest";
import { placeOf } from "./request-path.ts";

it.each([
  ["/api/v1/namespaces/shop", { group: "", resource: "namespaces", name: "shop" }],
  ["/api/v1/namespaces/shop/status", { group: "", resource: "namespaces", name: "shop", subresource: "status" }],
  ["/api/v1/namespaces/shop/pods", { group: "", namespace: "shop", resource: "pods" }],
  ["/api/v1/namespaces/shop/pods/web/log", { namespace: "shop", resource: "pods", name: "web", subresource: "log" }],
  ["/apis/apps/v1/deployments", { group: "apps", version: "v1", resource: "deployments" }],
  ["/apis/rbac.authorization.k8s.io/v1/clusterroles/a%3Ab", { resource: "clusterroles", name: "a:b" }],
  ["/apis/apps", { group: "apps", version: undefined, resource: undefined }],
])("%s", (path, place) => {
  expect(placeOf(path)).toMatchObject(place);
});

it.each(["/metrics", "/", "/api/v1/namespaces/%zz"])("%s is no path of resources", (path) => {
  expect(placeOf(path)).toBeUndefined();
});
