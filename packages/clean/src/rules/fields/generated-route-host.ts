import { valueAt } from "../../path.ts";
import { annotation, type CleaningRule, present, types } from "../rule.ts";

const HOST = ["spec", "host"];
const MARKER = annotation("openshift.io/host.generated");

/** A host name that the router made up. Name and marker go or stay together: alone, either would say something else. */
export const generatedRouteHost: CleaningRule = {
  id: "generated-route-host",
  title: "a generated host and the marker that says so",
  of: "Route",
  reason: "OpenShift makes the name of the cluster's own domain; another cluster has another",
  source: "OpenShift documentation, Route configuration; openshift/api route/v1, host.generated",
  keptWhen: "owned",
  appliesTo: types("route.openshift.io", "Route"),
  find: (object, { evidence }) =>
    valueAt(object, MARKER) !== "true" || evidence.isOwned(HOST) || evidence.isOwned(MARKER)
      ? []
      : present(object, HOST, MARKER),
};
