/** Why a type is left out, in the words of logs, reports, manifests and `--explain`. */
export type TypeReason =
  | "excluded_by_blacklist"
  | "not_in_whitelist"
  | "excluded_by_override"
  | "skipped_by_default"
  | "openshift_disabled"
  | "secrets_omitted";

/** Why an object of a type that is taken is left out. */
export type ObjectReason =
  | "namespace_excluded"
  | "namespace_not_included"
  | "name_excluded"
  | "name_not_included"
  | "label_selector"
  | "annotation_selector"
  | "owned";

/** What is decided about a type: whether it is taken, by which rule, and in which words of the configuration. */
export type TypeVerdict =
  | {
      readonly taken: true;
      readonly reason: "by_default" | "included" | "also_taken" | "taken_by_override";
      readonly detail: string;
    }
  | { readonly taken: false; readonly reason: TypeReason; readonly detail: string };

/** "excluded_by_blacklist: backup.filter.resources.exclude has widgets.example.com": as manifests and reports carry it. */
export function reasonText({ reason, detail }: { readonly reason: string; readonly detail: string }): string {
  return detail === "" ? reason : `${reason}: ${detail}`;
}
