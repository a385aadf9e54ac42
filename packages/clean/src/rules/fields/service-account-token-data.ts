import { isJsonObject } from "@kubeferry/model";
import { type Path, valueAt } from "../../path.ts";
import { annotation, type CleaningRule, present, types } from "../rule.ts";

const FILLED: ReadonlySet<string> = new Set(["ca.crt", "namespace", "service-ca.crt", "token"]);

/** What the token controller fills into a token Secret that somebody asked for; the request stays. */
export const serviceAccountTokenData: CleaningRule = {
  id: "service-account-token-data",
  title: "the token, its certificates and the uid in a token Secret that somebody applied",
  of: "Secret",
  reason: "the token controller fills them in, for this cluster and this instance of the ServiceAccount only",
  source: "Kubernetes documentation, Secrets, ServiceAccount token Secrets",
  keptWhen: "owned",
  appliesTo: types("", "Secret"),
  find(object) {
    if (valueAt(object, ["type"]) !== "kubernetes.io/service-account-token") return [];
    return [...filled(valueAt(object, ["data"])), ...present(object, annotation("kubernetes.io/service-account.uid"))];
  },
};

/** All of the data where nothing else is in it: the API server stores no empty one. */
function filled(data: ReturnType<typeof valueAt>): Path[] {
  if (!isJsonObject(data)) return [];
  const keys = Object.keys(data).filter((key) => FILLED.has(key));
  return keys.length > 0 && keys.length === Object.keys(data).length ? [["data"]] : keys.map((key) => ["data", key]);
}
