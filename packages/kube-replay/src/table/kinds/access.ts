import type { JsonObject } from "@kubeferry/model";
import { ageColumn, createdAtColumn, nameColumn, type PrintedKind, textColumn, wide } from "../columns.ts";
import { objects, text, valueAt } from "../fields.ts";
import { humanDuration } from "../human-duration.ts";
import { labelsText } from "../label-text.ts";

const binding: PrintedKind = {
  columns: [
    nameColumn,
    textColumn("Role", (object) => `${text(object, "roleRef", "kind")}/${text(object, "roleRef", "name")}`),
    ageColumn,
    wide(textColumn("Users", (object) => subjects(object, "User"))),
    wide(textColumn("Groups", (object) => subjects(object, "Group"))),
    wide(textColumn("ServiceAccounts", (object) => subjects(object, "ServiceAccount"))),
  ],
};

/** Who may do what, and the certificates that say who is who. */
export const access: Readonly<Record<string, PrintedKind>> = {
  "rbac.authorization.k8s.io/Role": { columns: [nameColumn, createdAtColumn] },
  "rbac.authorization.k8s.io/ClusterRole": { columns: [nameColumn, createdAtColumn] },
  "rbac.authorization.k8s.io/RoleBinding": binding,
  "rbac.authorization.k8s.io/ClusterRoleBinding": binding,
  "certificates.k8s.io/CertificateSigningRequest": {
    columns: [
      nameColumn,
      ageColumn,
      textColumn("SignerName", (request) => text(request, "spec", "signerName") || "<none>"),
      textColumn("Requestor", (request) => text(request, "spec", "username")),
      textColumn("RequestedDuration", requestedDuration),
      textColumn("Condition", signingState),
    ],
  },
  "certificates.k8s.io/ClusterTrustBundle": {
    columns: [nameColumn, textColumn("SignerName", (bundle) => text(bundle, "spec", "signerName") || "<none>")],
  },
  "certificates.k8s.io/PodCertificateRequest": {
    columns: [
      nameColumn,
      textColumn("PodName", (request) => text(request, "spec", "podName")),
      textColumn("ServiceAccountName", (request) => text(request, "spec", "serviceAccountName")),
      textColumn("NodeName", (request) => text(request, "spec", "nodeName")),
      textColumn("SignerName", (request) => text(request, "spec", "signerName")),
      textColumn("State", podCertificateState),
      textColumn("UnverifiedUserAnnotations", (request) =>
        labelsText(valueAt(request, "spec", "unverifiedUserAnnotations")),
      ),
    ],
  },
};

function subjects(object: JsonObject, kind: string): string {
  const found = objects(object, "subjects").filter((subject) => subject.kind === kind);
  const inNamespace = (subject: JsonObject): string => `${text(subject, "namespace")}/${text(subject, "name")}`;
  return found.map((each) => (kind === "ServiceAccount" ? inNamespace(each) : text(each, "name"))).join(", ");
}

function requestedDuration(request: JsonObject): string {
  const seconds = valueAt(request, "spec", "expirationSeconds");
  return typeof seconds === "number" ? humanDuration(seconds * 1000) : "<none>";
}

/** "Approved,Issued": a denial outweighs an approval. */
function signingState(request: JsonObject): string {
  const types = objects(request, "status", "conditions").map((condition) => text(condition, "type"));
  const decision = ["Denied", "Approved"].find((type) => types.includes(type)) ?? "Pending";
  const failed = types.includes("Failed") ? ",Failed" : "";
  return `${decision}${failed}${text(request, "status", "certificate") === "" ? "" : ",Issued"}`;
}

function podCertificateState(request: JsonObject): string {
  const types = objects(request, "status", "conditions").map((condition) => text(condition, "type"));
  return types.findLast((type) => ["Issued", "Denied", "Failed"].includes(type)) ?? "Pending";
}
