{{/*
Every process of the release, as a list: name, component, container, args, section (its values), schedule (of CronJobs),
serviceAccount, token (whether it reads the API server as that), cluster and kubeconfig (of clusters), announces.
*/}}
{{- define "kubeferry.processes" -}}
{{- $values := .Values -}}
{{- $name := include "kubeferry.fullname" . -}}
{{- $chained := eq $values.mode "chained" -}}
{{- if and $chained $values.clusters -}}
{{- fail "clusters: in mode chained every cluster's CronJob would run stage 2; use mode: webhook or separate" -}}
{{- end -}}
{{- if and (or $values.names.cronJob $values.names.serviceAccount) (gt (len $values.clusters) 1) -}}
{{- fail "names.cronJob, names.serviceAccount: one name, and each of clusters has its own" -}}
{{- end -}}
{{- $all := list -}}
{{- if $values.backup.enabled -}}
{{- $common := dict "component" "backup" "container" ($values.names.container | default (ternary "kubeferry" "backup" $chained)) "args" (list (ternary "run" "backup" $chained)) "section" $values.backup "announces" (not $chained) -}}
{{- range $values.clusters | default (list dict) -}}
{{- $own := printf "%s-%s%s" $name (ternary "run" "backup" $chained) (empty . | ternary "" (printf "-%s" .name)) -}}
{{- $environment := .environment | default $values.environment -}}
{{- $schedule := .schedule | default $values.backup.schedule | default (get $values.schedules $environment) -}}
{{- if not $schedule }}{{ fail (printf "schedules.%s: write when clusters of this environment are backed up" $environment) }}{{ end -}}
{{- $process := merge (dict "name" ($values.names.cronJob | default $own) "schedule" $schedule "serviceAccount" ($values.names.serviceAccount | default $own) "token" (not .kubeconfig)) $common -}}
{{- if . -}}
{{- $process = merge (dict "cluster" (merge (dict "environment" $environment) .) "kubeconfig" .kubeconfig) $process -}}
{{- end -}}
{{- $all = append $all $process -}}
{{- end -}}
{{- end -}}
{{- if and $values.gitops.enabled (not $chained) -}}
{{- $own := include "kubeferry.receiverName" . -}}
{{- $stage := dict "name" $own "container" "gitops" "section" $values.gitops "serviceAccount" $own "token" false -}}
{{- if eq $values.mode "webhook" -}}
{{- $all = append $all (merge (dict "component" "serve" "args" (list "gitops" "serve")) $stage) -}}
{{- else -}}
{{- $all = append $all (merge (dict "component" "gitops" "args" (list "gitops") "schedule" $values.gitops.schedule) $stage) -}}
{{- end -}}
{{- end -}}
{{- range $component, $args := dict "drift" (list "drift") "prune" (list "snapshots" "prune") "drill" (list "restore" "drill") -}}
{{- $section := get $values $component -}}
{{- if $section.enabled -}}
{{- $own := printf "%s-%s" $name $component -}}
{{- $process := dict "name" $own "component" $component "container" $component "args" $args "section" $section "schedule" $section.schedule "serviceAccount" $own "token" (eq $component "drift") -}}
{{- if eq $component "drill" -}}
{{- if $section.kubeconfig.existingSecret -}}
{{- $_ := set $process "kubeconfig" $section.kubeconfig -}}
{{- else if $values.restore.rbac.create -}}
{{- $process = merge (dict "serviceAccount" (printf "%s-restore" $name) "token" true) $process -}}
{{- else -}}
{{- fail "drill: name a cluster (drill.kubeconfig.existingSecret), or allow it to write to this one (restore.rbac.create)" -}}
{{- end -}}
{{- end -}}
{{- $all = append $all $process -}}
{{- end -}}
{{- end -}}
{{- range $all -}}
{{- if gt (len .name) 52 }}{{ fail (printf "%s: a CronJob's name has at most 52 characters; set fullnameOverride" .name) }}{{ end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}

{{/* "true" for what reads Git or writes to it: root, process. */}}
{{- define "kubeferry.isStage2" -}}
{{- or (has .process.component (list "gitops" "serve" "drift")) (and (eq .root.Values.mode "chained") (eq .process.component "backup")) -}}
{{- end -}}

{{/* "true" when a process gets a Secret: root, process, secret. */}}
{{- define "kubeferry.usesSecret" -}}
{{- $for := .secret.for | default list -}}
{{- if or (not $for) (has .process.component $for) (and (has "gitops" $for) (eq (include "kubeferry.isStage2" .) "true")) -}}
true
{{- end -}}
{{- end -}}
