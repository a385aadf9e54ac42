import type { JsonObject } from "@kubeferry/model";
import { condition, EXPRESSIONS, type Planted, planted } from "./plant.ts";

const RBAC = "rbac.authorization.k8s.io/v1";
const SUBJECTS = [
  { kind: "User", name: "ann", apiGroup: "rbac.authorization.k8s.io" },
  { kind: "ServiceAccount", name: "web", namespace: "shop" },
  { kind: "User", name: "bob", apiGroup: "rbac.authorization.k8s.io" },
  { kind: "Group", name: "ops", apiGroup: "rbac.authorization.k8s.io" },
  { kind: "ServiceAccount", name: "job", namespace: "shop" },
];
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
const csr = (name: string, spec: JsonObject, status: JsonObject): Planted =>
  planted(`certificatesigningrequests/${name}`, "certificates.k8s.io/v1", "CertificateSigningRequest", {
    spec,
    status,
  });

const access: readonly Planted[] = [
  planted("roles/shop/reader", RBAC, "Role", { rules: [] }),
  planted("clusterroles/reader", RBAC, "ClusterRole", { rules: [] }),
  planted("rolebindings/shop/reader", RBAC, "RoleBinding", { roleRef, subjects: SUBJECTS }),
  planted("rolebindings/shop/nobody", RBAC, "RoleBinding", { roleRef }),
  planted("clusterrolebindings/reader", RBAC, "ClusterRoleBinding", { roleRef, subjects: SUBJECTS }),
  csr(
    "new",
    { request: "", signerName: "kubernetes.io/kubelet-serving", username: "system:node:a", expirationSeconds: 86400 },
    {},
  ),
  csr(
    "issued",
    { request: "", signerName: "a.example/b" },
    { certificate: "AA==", conditions: [condition("Approved")] },
  ),
  csr("denied", { request: "" }, { conditions: [condition("Approved"), condition("Denied"), condition("Failed")] }),
];

const ADMISSION = "admissionregistration.k8s.io/v1";
const paramKind = { apiVersion: "a.example/v1", kind: "Limit" };
const policyBinding = (name: string, paramRef: JsonObject | undefined): Planted =>
  planted(`validatingadmissionpolicybindings/${name}`, ADMISSION, "ValidatingAdmissionPolicyBinding", {
    spec: { policyName: "limits", ...(paramRef === undefined ? {} : { paramRef }) },
  });

const admission: readonly Planted[] = [
  planted("mutatingwebhookconfigurations/two", ADMISSION, "MutatingWebhookConfiguration", {
    webhooks: [{ name: "a.b.c" }, { name: "d.e.f" }],
  }),
  planted("validatingwebhookconfigurations/none", ADMISSION, "ValidatingWebhookConfiguration"),
  planted("validatingadmissionpolicies/limits", ADMISSION, "ValidatingAdmissionPolicy", {
    spec: { paramKind, validations: [{ expression: "true" }] },
  }),
  planted("validatingadmissionpolicies/bare", ADMISSION, "ValidatingAdmissionPolicy", { spec: {} }),
  planted("mutatingadmissionpolicies/defaults", `${ADMISSION}beta1`, "MutatingAdmissionPolicy", {
    spec: { paramKind, mutations: [{ patchType: "JSONPatch" }] },
  }),
  planted("mutatingadmissionpolicybindings/defaults", `${ADMISSION}beta1`, "MutatingAdmissionPolicyBinding", {
    spec: { policyName: "defaults", paramRef: { name: "a", namespace: "shop", parameterNotFoundAction: "Deny" } },
  }),
  policyBinding("bare", undefined),
  policyBinding("named", { name: "a", namespace: "shop", parameterNotFoundAction: "Deny" }),
  policyBinding("anywhere", { name: "a", parameterNotFoundAction: "Deny" }),
  policyBinding("selected", { selector: { matchLabels: { b: "1", a: "2" }, matchExpressions: EXPRESSIONS } }),
];

/** RBAC, certificates and admission. */
export const accessObjects: readonly Planted[] = [...access, ...admission];
