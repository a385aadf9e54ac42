import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import type { Evidence } from "../../evidence.ts";
import type { ObjectType } from "../../object-type.ts";
import { ownValue, type Path, valueAt } from "../../path.ts";
import { type CleaningRule, present } from "../rule.ts";

/** Annotations by which an object asks for the certificate, with the values that do. */
const ASKED_BY: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  "cert-manager.io/inject-ca-from": (value) => value !== "",
  "cert-manager.io/inject-ca-from-secret": (value) => value !== "",
  "cert-manager.io/inject-apiserver-ca": (value) => value === "true",
  "certmanager.k8s.io/inject-ca-from": (value) => value !== "",
  "service.beta.openshift.io/inject-cabundle": (value) => value === "true",
  "service.alpha.openshift.io/inject-cabundle": (value) => value === "true",
};

/** Managers by which people write: the command lines, and the browser behind OpenShift's console. */
const PEOPLE = /^(kubectl|oc|k9s|Mozilla)(-|$)/;

const WEBHOOKS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/**
 * Certificates of a webhook or an aggregated API that a controller filled in: those that the object asks for by an
 * annotation, and those that somebody wrote who wrote nothing of the address beside them.
 */
export const injectedCaBundle: CleaningRule = {
  id: "injected-ca-bundle",
  title: "an injected caBundle",
  of: "MutatingWebhookConfiguration, ValidatingWebhookConfiguration, CustomResourceDefinition, APIService",
  reason: "a controller injects the certificate, and does so again when it is renewed or made anew elsewhere",
  source:
    "cert-manager documentation, CA Injector; OpenShift documentation, Service CA; Istio, Linkerd: webhook patching",
  keptWhen: "owned",
  appliedBy: ["cainjector", "cert-manager-cainjector"],
  appliesTo: (type) => bundlePlace(type) !== undefined,
  find(object, { evidence }) {
    const asked = Object.entries(ASKED_BY).some(([name, asks]) => {
      const value = valueAt(object, ["metadata", "annotations", name]);
      return value !== undefined && asks(value);
    });
    const bundles = present(object, ...clientsIn(object).map((client) => [...client, "caBundle"]));
    return asked ? bundles : bundles.filter((path) => wasInjected(path, evidence));
  },
};

function bundlePlace({ group, kind }: ObjectType): string | undefined {
  if (group === "admissionregistration.k8s.io" && WEBHOOKS.includes(kind)) return "webhooks";
  if (group === "apiextensions.k8s.io" && kind === "CustomResourceDefinition") return "conversion";
  return group === "apiregistration.k8s.io" && kind === "APIService" ? "spec" : undefined;
}

/** Where an address and the certificate for it stand beside each other. */
function clientsIn(object: JsonObject): Path[] {
  const webhooks = ownValue(object, "webhooks");
  const ofWebhooks = Array.isArray(webhooks) ? webhooks.map((_, index) => ["webhooks", index, "clientConfig"]) : [];
  const alone: Path[] = [["spec"], ["spec", "conversion", "webhook", "clientConfig"]];
  return [...ofWebhooks, ...alone].filter((path) => isJsonObject(valueAt(object, path)));
}

/** People write a certificate with its address, or by hand; a controller adds it to an address it found. */
function wasInjected(bundle: Path, evidence: Evidence): boolean {
  const client = bundle.slice(0, -1);
  const writers = evidence.writersOf(bundle);
  return (
    writers.length > 0 &&
    writers.every(
      (writer) =>
        !PEOPLE.test(writer.name) && !writer.holds([...client, "service"]) && !writer.holds([...client, "url"]),
    )
  );
}
