import { compareUtf8, isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { ageColumn, type Column, integerColumn, nameColumn, type PrintedKind, textColumn } from "../columns.ts";
import { objects, sizeAt, text, texts, valueAt } from "../fields.ts";

const webhooks: PrintedKind = {
  columns: [nameColumn, integerColumn("Webhooks", (object) => sizeAt(object, "webhooks")), ageColumn],
};

const binding: PrintedKind = {
  columns: [
    nameColumn,
    textColumn("PolicyName", (object) => text(object, "spec", "policyName")),
    textColumn("ParamRef", paramRef),
    ageColumn,
  ],
};

/** What is asked before an object is written. */
export const admission: Readonly<Record<string, PrintedKind>> = {
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": webhooks,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": webhooks,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": policy(
    integerColumn("Validations", (object) => sizeAt(object, "spec", "validations")),
  ),
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": binding,
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": policy(
    integerColumn("Mutations", (object) => sizeAt(object, "spec", "mutations")),
  ),
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": binding,
};

function policy(rules: Column): PrintedKind {
  return { columns: [nameColumn, rules, textColumn("ParamKind", paramKind), ageColumn] };
}

function paramKind(object: JsonObject): string {
  const kind = valueAt(object, "spec", "paramKind");
  return kind === undefined ? "<unset>" : `${text(kind, "apiVersion")}/${text(kind, "kind")}`;
}

function paramRef(object: JsonObject): string {
  const reference = valueAt(object, "spec", "paramRef");
  const name = text(reference, "name");
  if (name !== "") return `${text(reference, "namespace") || "*"}/${name}`;
  const selector = valueAt(reference, "selector");
  return selector === undefined ? "<unset>" : goSelector(selector);
}

/** A label selector in the words of Go's printer, which is what the API server shows here. */
function goSelector(selector: JsonValue): string {
  const labels = valueAt(selector, "matchLabels");
  const pairs = isJsonObject(labels) ? Object.entries(labels).toSorted(([a], [b]) => compareUtf8(a, b)) : [];
  const shownLabels = pairs.map(([key, value]) => `${key}: ${String(value)},`).join("");
  const shownExpressions = objects(selector, "matchExpressions").map(goExpression).join("");
  return `&LabelSelector{MatchLabels:map[string]string{${shownLabels}},MatchExpressions:[]LabelSelectorRequirement{${shownExpressions}},}`;
}

function goExpression(expression: JsonObject): string {
  const values = texts(expression, "values").join(" ");
  return `LabelSelectorRequirement{Key:${text(expression, "key")},Operator:${text(expression, "operator")},Values:[${values}],},`;
}
