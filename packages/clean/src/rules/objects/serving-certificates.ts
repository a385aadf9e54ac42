import { annotation, type DropRule, present, types } from "../rule.ts";

/** Certificates that OpenShift's service CA makes for a Service which asks for one; both ages of the annotation count. */
export const servingCertificates: DropRule = {
  id: "serving-certificates",
  title: "serving certificates made for a Service",
  of: "Secret",
  reason: "OpenShift's service CA makes the certificate that the Service asks for, signed by this cluster",
  source: "OpenShift documentation, Securing service traffic using service serving certificate secrets",
  keptWhen: "owned",
  appliesTo: types("", "Secret"),
  matches: (object) =>
    present(
      object,
      annotation("service.beta.openshift.io/originating-service-name"),
      annotation("service.alpha.openshift.io/originating-service-name"),
    ).length > 0,
};
