{{/*
What a configuration reads, as rules of roles: `types` for what is listed; `cluster` for types without a namespace;
`namespaces`, the only ones that may be read (none: all of them).
*/}}
{{- define "kubeferry.reads" -}}
{{- $known := fromYaml (.root.Files.Get "files/api-types.yaml") -}}
{{- $filter := dig "backup" "filter" dict .configuration -}}
{{- $secrets := include "kubeferry.readsSecrets" .configuration | eq "true" -}}
{{- $core := concat $known.core.cluster $known.core.namespaced -}}
{{- if not $secrets -}}
{{- $core = without $core "secrets" -}}
{{- end -}}
{{- $named := fromYaml (include "kubeferry.namedTypes" $filter) -}}
{{- $types := list -}}
{{- if $named.only -}}
{{- range $group, $resources := $named.byGroup -}}
{{- if not (or (has "*" $resources) (and (eq $group "core") (not $secrets))) -}}
{{- $types = append $types (dict "apiGroups" (list ($group | eq "core" | ternary "" $group)) "resources" $resources "verbs" (list "list")) -}}
{{- else -}}
{{- $of := $group | eq "core" | ternary (ternary $core (without $resources "secrets") (has "*" $resources)) (list "*") -}}
{{- if $of -}}
{{- $types = append $types (dict "apiGroups" (list ($group | eq "core" | ternary "" $group)) "resources" $of "verbs" (list "list")) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- else if $secrets -}}
{{- $types = list (dict "apiGroups" (list "*") "resources" (list "*") "verbs" (list "list")) -}}
{{- else -}}
{{- $groups := concat $known.groups (.root.Values.openshift | ternary $known.openshiftGroups list) .root.Values.rbac.apiGroups -}}
{{- $groups = without $groups | uniq | sortAlpha -}}
{{- $types = list
  (dict "apiGroups" (list "") "resources" ($core | sortAlpha) "verbs" (list "list"))
  (dict "apiGroups" $groups "resources" (list "*") "verbs" (list "list"))
-}}
{{- end -}}
{{- $cluster := list (dict "apiGroups" (list "") "resources" (without $known.core.cluster "componentstatuses") "verbs" (list "list")) -}}
{{- range $group, $resources := $known.clusterScoped -}}
{{- $cluster = append $cluster (dict "apiGroups" (list $group) "resources" $resources "verbs" (list "list")) -}}
{{- end -}}
{{- range .root.Values.rbac.clusterScopedTypes -}}
{{- $parts := splitn "." 2 . -}}
{{- $cluster = append $cluster (dict "apiGroups" (list $parts._1) "resources" (list $parts._0) "verbs" (list "list")) -}}
{{- end -}}
{{- $namespaces := dig "namespaces" "include" list $filter -}}
{{- range $namespaces -}}
{{- if not (regexMatch "^[a-z0-9-]+$" .) }}{{ $namespaces = list }}{{ end -}}
{{- end -}}
{{- toYaml (dict "types" $types "cluster" (ternary (list) $cluster $named.only) "namespaces" $namespaces) -}}
{{- end -}}

{{/* "true" unless Secrets are omitted, or excluded by a plain name. */}}
{{- define "kubeferry.readsSecrets" -}}
{{- $excluded := dig "backup" "filter" "resources" "exclude" list . -}}
{{- $omitted := or (eq (dig "backup" "secrets" "" .) "omit") (has "secrets" $excluded) (has "secrets.core" $excluded) -}}
{{- not $omitted -}}
{{- end -}}

{{/*
The types that a filter names one by one, by group ("core", and "*" for whole groups). `only` is false where it takes
others too, or where a glob, a kind or a plural without its group leaves open which they are.
*/}}
{{- define "kubeferry.namedTypes" -}}
{{- $filter := . -}}
{{- $types := concat (dig "resources" "include" list $filter) (dig "crds" list $filter) (dig "alsoTake" list $filter) -}}
{{- $groups := dig "groups" "include" list $filter -}}
{{- range $type, $rule := dig "overrides" dict $filter -}}
{{- if dig "take" false $rule }}{{ $types = append $types $type }}{{ end -}}
{{- end -}}
{{- $only := and (has (dig "mode" "blacklist" $filter) (list "whitelist" "hybrid")) (not (dig "kinds" "include" list $filter)) (gt (len (concat (dig "resources" "include" list $filter) (dig "crds" list $filter) $groups)) 0) -}}
{{- $byGroup := dict -}}
{{- range $types -}}
{{- $only = and $only (regexMatch "^[a-z0-9-]+\\.[a-z0-9.-]+$" .) -}}
{{- $parts := splitn "." 2 . -}}
{{- $group := $parts._1 | default "core" -}}
{{- $_ := set $byGroup $group (append (get $byGroup $group | default list) $parts._0 | uniq | sortAlpha) -}}
{{- end -}}
{{- range $groups -}}
{{- $only = and $only (regexMatch "^[a-z0-9.-]+$" .) -}}
{{- $_ := set $byGroup . (list "*") -}}
{{- end -}}
{{- toYaml (dict "only" $only "byGroup" $byGroup) -}}
{{- end -}}
