{{/* The port behind an address: "" where it is a reference, or none. */}}
{{- define "kubeferry.portOf" -}}
{{- $address := toString . -}}
{{- if and $address (not (contains "${" $address)) -}}
{{- $port := regexFind "^([a-z+]+://)?[^/]*" $address | regexFind ":[0-9]+$" | trimPrefix ":" -}}
{{- if $port }}{{ $port }}
{{- else if hasPrefix "http://" $address }}80
{{- else if or (hasPrefix "ssh://" $address) (regexMatch "^[^/]+@[^/]+:" $address) }}22
{{- else if hasPrefix "/" $address -}}
{{- else }}443
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The ports that a process calls, by whom it calls there: store, git, others. */}}
{{- define "kubeferry.calledPorts" -}}
{{- $configuration := .configuration -}}
{{- $store := list (include "kubeferry.portOf" (dig "store" "endpoint" "" $configuration)) -}}
{{- $git := list -}}
{{- if eq (include "kubeferry.isStage2" .) "true" -}}
{{- $repository := dig "gitops" "repository" dict $configuration -}}
{{- $git = list (include "kubeferry.portOf" ($repository.url | default "")) (include "kubeferry.portOf" ($repository.apiUrl | default "")) (include "kubeferry.portOf" ($repository.proxy | default "")) -}}
{{- end -}}
{{- $others := list (include "kubeferry.portOf" (dig "network" "proxy" "" $configuration)) (include "kubeferry.portOf" (dig "metrics" "push" "url" "" $configuration)) (include "kubeferry.portOf" (dig "tracing" "endpoint" "" $configuration)) -}}
{{- if .process.announces -}}
{{- $others = append $others (include "kubeferry.portOf" (dig "announce" "url" "" $configuration)) -}}
{{- end -}}
{{- if dig "notifications" "enabled" false $configuration -}}
{{- range dig "notifications" "channels" list $configuration -}}
{{- $others = append $others (eq .type "email" | ternary (toString (.port | default 587)) "443") -}}
{{- end -}}
{{- end -}}
{{- range .root.Values.networkPolicy.extraPorts -}}
{{- $others = append $others (toString .) -}}
{{- end -}}
store: [{{ without $store "" | uniq | join ", " }}]
git: [{{ without $git "" | uniq | sortAlpha | join ", " }}]
others: [{{ without $others "" | uniq | sortAlpha | join ", " }}]
{{- end -}}

{{/* A store that no rule leads to is found out here, and not by a run at night. */}}
{{- define "kubeferry.checkStorePort" -}}
{{- $known := or .called.store .called.others (eq (dig "store" "type" "" .configuration) "folder") -}}
{{- if not $known -}}
{{- fail "networkPolicy.extraPorts: name the store's port (9000), which cannot be seen in a reference or in the environment" -}}
{{- end -}}
{{- end -}}

{{- define "kubeferry.egress" -}}
{{- if .ports -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}
