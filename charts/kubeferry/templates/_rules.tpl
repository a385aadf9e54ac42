{{/*
What a configuration reads, as rules of roles: `types` for what is listed; `cluster` for those of them that have no
namespace; `namespaces`, the only ones that may be read (none: all of them).
*/}}
{{- define "kubeferry.reads" -}}
{{- $known := fromYaml (.root.Files.Get "files/api-types.yaml") -}}
{{- $filter := dig "backup" "filter" dict .configuration -}}
{{- $namespaces := dig "namespaces" "include" list $filter -}}
{{- range $namespaces -}}
{{- if not (regexMatch "^[a-z0-9-]+$" .) }}{{ $namespaces = list }}{{ end -}}
{{- end -}}
{{- $named := fromYaml (include "kubeferry.namedTypes" $filter) -}}
{{- $core := concat $known.core.cluster $known.core.namespaced | sortAlpha -}}
{{- if ne (include "kubeferry.readsSecrets" .configuration) "true" -}}
{{- $core = without $core "secrets" -}}
{{- end -}}
{{- $all := has "secrets" $core -}}
{{- $clusterScoped := set (deepCopy $known.clusterScoped) "core" $known.core.cluster -}}
{{- range .root.Values.rbac.clusterScopedTypes -}}
{{- $parts := splitn "." 2 . -}}
{{- $_ := set $clusterScoped $parts._1 (append (get $clusterScoped $parts._1 | default list) $parts._0) -}}
{{- end -}}
{{- $types := dict -}}
{{- $cluster := $clusterScoped -}}
{{- if $named.only -}}
{{- $cluster = dict -}}
{{- range $group, $resources := $named.byGroup -}}
{{- $without := get $clusterScoped $group | default list -}}
{{- $of := and (eq $group "core") (has "*" $resources) | ternary $core $resources -}}
{{- $inside := list -}}
{{- $outside := has "*" $of | ternary $without list -}}
{{- range $of -}}
{{- if has . $without -}}
{{- $outside = append $outside . -}}
{{- else if not (and (eq $group "core") (eq . "secrets") (not $all)) -}}
{{- $inside = append $inside . -}}
{{- end -}}
{{- end -}}
{{- $_ := set $cluster $group $outside -}}
{{- $_ := set $types $group (empty $namespaces | ternary (concat $inside (has "*" $of | ternary list $outside)) $inside) -}}
{{- end -}}
{{- else if $all -}}
{{- $_ := set $types "*" (list "*") -}}
{{- else -}}
{{- $_ := set $types "core" $core -}}
{{- range concat $known.groups (.root.Values.openshift | ternary $known.openshiftGroups list) (.root.Values.rbac.apiGroups | default list) -}}
{{- $_ := set $types . (list "*") -}}
{{- end -}}
{{- /* The others of this group are tokens, and clients with their secrets. */ -}}
{{- $oauth := "oauth.openshift.io" -}}
{{- $mode := dig "backup" "secrets" (dig "encryption" "recipients" list .configuration | empty | ternary "withhold" "encrypt") .configuration -}}
{{- if and (has $mode (list "omit" "withhold")) (hasKey $types $oauth) (not (has $oauth (.root.Values.rbac.apiGroups | default list))) -}}
{{- $_ := set $types $oauth (list "oauthclientauthorizations") -}}
{{- end -}}
{{- end -}}
{{- if or (eq (dig "openShift" "auto" $filter) "disabled") (not (dig "openShiftResources" true $filter)) -}}
{{- range $group := concat (keys $types) (keys $cluster) | uniq -}}
{{- if and (hasSuffix ".openshift.io" $group) (not (has $group ($.root.Values.rbac.apiGroups | default list))) -}}
{{- $_ := unset $types $group -}}
{{- $_ := unset $cluster $group -}}
{{- end -}}
{{- end -}}
{{- end -}}
types: {{ include "kubeferry.listRules" $types }}
cluster: {{ include "kubeferry.listRules" $cluster }}
namespaces: {{ toJson $namespaces }}
{{- end -}}

{{/* Rules to list types by group, as JSON; groups with the same types share one. */}}
{{- define "kubeferry.listRules" -}}
{{- $rules := list -}}
{{- $whole := list -}}
{{- range $group, $resources := . -}}
{{- $name := $group | eq "core" | ternary "" $group -}}
{{- if eq (toJson $resources) `["*"]` -}}
{{- $whole = append $whole $name -}}
{{- else if $resources -}}
{{- $rules = append $rules (dict "apiGroups" (list $name) "resources" $resources "verbs" (list "list")) -}}
{{- end -}}
{{- end -}}
{{- if $whole -}}
{{- $rules = append $rules (dict "apiGroups" $whole "resources" (list "*") "verbs" (list "list")) -}}
{{- end -}}
{{- toJson $rules -}}
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
{{- $included := concat (dig "resources" "include" list $filter) (dig "crds" list $filter) -}}
{{- $groups := dig "groups" "include" list $filter -}}
{{- $types := $included -}}
{{- range $type, $rule := dig "overrides" dict $filter -}}
{{- if dig "take" false $rule }}{{ $types = append $types $type }}{{ end -}}
{{- end -}}
{{- $lists := has (dig "mode" "blacklist" $filter) (list "whitelist" "hybrid") -}}
{{- $only := and $lists (or $included $groups) (not (dig "kinds" "include" list $filter)) | empty | not -}}
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
