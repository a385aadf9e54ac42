import { type CleaningRule, present, types } from "../rule.ts";

/** The health check port of a load balancer with externalTrafficPolicy Local, where the API server chose it. */
export const serviceHealthCheckNodePort: CleaningRule = {
  id: "service-health-check-node-port",
  title: "allocated healthCheckNodePort of a Service",
  of: "Service",
  reason: "the API server allocated the port; it may be taken elsewhere",
  source: "Kubernetes API reference, ServiceSpec.healthCheckNodePort",
  keptWhen: "written",
  appliesTo: types("", "Service"),
  find: (object) => present(object, ["spec", "healthCheckNodePort"]),
};
