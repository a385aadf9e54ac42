{{/*
The configuration of one process: what follows from other values, then `config`, then `gitops.config` where it knows Git,
then what its own section and its cluster lay over it. `drift` looks at what the backup takes, wherever that is written.
*/}}
{{- define "kubeferry.configuration" -}}
{{- $root := .root -}}
{{- $process := .process -}}
{{- $values := $root.Values -}}
{{- $written := deepCopy $values.config -}}
{{- if eq (include "kubeferry.isStage2" .) "true" -}}
{{- $written = mergeOverwrite $written (deepCopy $values.gitops.config) -}}
{{- end -}}
{{- if eq $process.component "drift" -}}
{{- $written = mergeOverwrite $written (pick (deepCopy $values.backup.config) "backup") -}}
{{- end -}}
{{- $written = mergeOverwrite $written (deepCopy $process.section.config) -}}
{{- with $process.cluster -}}
{{- $_ := unset $written "clusters" -}}
{{- $identity := pick . "name" "domain" "environment" -}}
{{- $written = mergeOverwrite $written (dict "cluster" $identity) (deepCopy (.config | default dict)) -}}
{{- end -}}
{{- $derived := dict "cluster" (dict "environment" $values.environment) -}}
{{- with $process.section.resources.limits -}}
{{- $_ := set $derived "limits" (pick . "memory" "cpu") -}}
{{- end -}}
{{- if $written.clusters -}}
{{- $_ := unset $derived "cluster" -}}
{{- end -}}
{{- with $process.kubeconfig -}}
{{- $file := printf "/var/run/kubeferry/kubeconfig/%s" (.key | default "kubeconfig") -}}
{{- if eq $process.component "drill" -}}
{{- $_ := set $derived "recovery" (dict "target" (dict "kubeconfig" $file)) -}}
{{- else -}}
{{- $_ := set $derived "kubernetes" (dict "kubeconfig" $file) -}}
{{- end -}}
{{- end -}}
{{- if $process.announces -}}
{{- $derived = mergeOverwrite $derived (fromYaml (include "kubeferry.sender" (dict "root" $root "written" $written))) -}}
{{- else -}}
{{- if and (eq $values.mode "chained") (ne (dig "announce" "via" "none" $written) "none") -}}
{{- fail "config.announce.via: in mode chained stage 2 runs in the same process, and nobody is called" -}}
{{- end -}}
{{- $_ := unset $written "announce" -}}
{{- end -}}
{{- if eq $process.component "serve" -}}
{{- $derived = mergeOverwrite $derived (fromYaml (include "kubeferry.receiver" $root)) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $derived $written) -}}
{{- end -}}

{{/* How this process announces: none, webhook, job. */}}
{{- define "kubeferry.via" -}}
{{- $announce := .written.announce | default dict -}}
{{- if eq .root.Values.mode "webhook" -}}
{{- $announce.via | default "webhook" -}}
{{- else -}}
{{- $announce.via | default "none" -}}
{{- end -}}
{{- end -}}

{{- define "kubeferry.sender" -}}
{{- $values := .root.Values -}}
{{- $via := include "kubeferry.via" . -}}
{{- if eq $via "in-process" -}}
{{- fail "config.announce.via: in-process is what mode: chained does" -}}
{{- end -}}
announce:
  via: {{ $via }}
{{- if eq $via "webhook" }}
{{- if eq $values.mode "webhook" }}
  url: {{ printf "%s://%s.%s.svc:%s/v1/backup-complete" (ternary "https" "http" (ne $values.webhook.tls.existingSecret "")) (include "kubeferry.receiverName" .root) .root.Release.Namespace (include "kubeferry.receiverPort" .root) }}
{{- if or (and $values.webhook.tls.existingSecret $values.webhook.tls.ca) $values.webhook.mtls.existingSecret }}
  tls:
{{- if and $values.webhook.tls.existingSecret $values.webhook.tls.ca }}
    caFile: /var/run/kubeferry/webhook-ca/ca.crt
{{- end }}
{{- if $values.webhook.mtls.existingSecret }}
    certFile: /var/run/kubeferry/webhook-client/tls.crt
    keyFile: /var/run/kubeferry/webhook-client/tls.key
{{- end }}
{{- end }}
{{- end }}
{{ include "kubeferry.webhookKeys" .root }}
{{- else if and (eq $via "job") (eq $values.mode "separate") $values.gitops.enabled }}
  cronJob:
    name: {{ include "kubeferry.fullname" .root }}-gitops
    namespace: {{ .root.Release.Namespace }}
{{- end }}
{{- end -}}

{{- define "kubeferry.receiver" -}}
gitops:
  serve:
    port: {{ include "kubeferry.receiverPort" . }}
{{- if .Values.webhook.tls.existingSecret }}
    tls:
      certFile: /var/run/kubeferry/webhook-tls/tls.crt
      keyFile: /var/run/kubeferry/webhook-tls/tls.key
{{- if .Values.webhook.mtls.existingSecret }}
      clientCaFile: /var/run/kubeferry/webhook-client-ca/ca.crt
{{- end }}
{{- else if .Values.webhook.mtls.existingSecret }}
{{- fail "webhook.mtls: client certificates need webhook.tls" }}
{{- end }}
{{ include "kubeferry.webhookKeys" . }}
{{- end -}}

{{- define "kubeferry.webhookKeys" -}}
{{- $keys := .Values.webhook.keys -}}
{{- if $keys.existingSecret -}}
webhook:
  keys:
{{- range $keys.entries }}
    - ${file:/var/run/kubeferry/webhook-keys/{{ . }}}
{{- end }}
{{- else if not (dig "webhook" "keys" false .Values.config) -}}
{{- fail "webhook.keys.existingSecret: name the Secret with the keys that calls are signed with (kubeferry init --webhook makes one)" -}}
{{- end -}}
{{- end -}}

{{- define "kubeferry.receiverName" -}}
{{ include "kubeferry.fullname" . }}-gitops
{{- end -}}

{{- define "kubeferry.receiverPort" -}}
{{- $written := mergeOverwrite (deepCopy .Values.config) (deepCopy .Values.gitops.config) -}}
{{- $port := dig "gitops" "serve" "port" 0 $written -}}
{{- $port | default (ternary 8443 8081 (ne .Values.webhook.tls.existingSecret "")) | int -}}
{{- end -}}

{{/* Says what the schema of the values cannot see. */}}
{{- define "kubeferry.checkConfiguration" -}}
{{- $fromEnvironment := or (include "kubeferry.secretEnvironment" .) .root.Values.pod.env -}}
{{- if not (or .configuration.store $fromEnvironment) -}}
{{- fail (printf "config.store: %s needs a place for snapshots; write config.store, or give MINIO_ENDPOINT and its keys by a Secret (secrets.<name>.as: environment)" .process.component) -}}
{{- end -}}
{{- end -}}
