{{/* The Secrets of `secrets` and of its cluster that a process gets, by name. */}}
{{- define "kubeferry.secretsOf" -}}
{{- $all := dict -}}
{{- /* An entry of the cluster stands whole in the place of one with that name. */ -}}
{{- range list .root.Values.secrets (dig "secrets" dict (.process.cluster | default dict)) -}}
{{- range $name, $secret := . -}}
{{- if include "kubeferry.usesSecret" (dict "root" $.root "process" $.process "secret" $secret) -}}
{{- $_ := set $all $name $secret -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}

{{- define "kubeferry.secretEnvironment" -}}
{{- range $name, $secret := fromYaml (include "kubeferry.secretsOf" .) }}
{{- if eq ($secret.as | default "files") "environment" }}
- secretRef:
    name: {{ $secret.existingSecret }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What is mounted: name, secret, path, items (all of them when left out). */}}
{{- define "kubeferry.secretVolumes" -}}
{{- $values := .root.Values -}}
{{- $volumes := list -}}
{{- range $name, $secret := fromYaml (include "kubeferry.secretsOf" .) -}}
{{- if eq ($secret.as | default "files") "files" -}}
{{- $volumes = append $volumes (dict "name" (printf "secret-%s" $name) "secret" $secret.existingSecret "path" (printf "/var/run/kubeferry/%s" $name)) -}}
{{- end -}}
{{- end -}}
{{- $calls := and .process.announces (eq (dig "announce" "via" "none" .configuration) "webhook") -}}
{{- $serves := eq .process.component "serve" -}}
{{- if or $calls $serves -}}
{{- $webhook := $values.webhook -}}
{{- $inRelease := eq $values.mode "webhook" -}}
{{- $wanted := list
  (dict "if" true "name" "webhook-keys" "secret" $webhook.keys.existingSecret "items" $webhook.keys.entries)
  (dict "if" $serves "name" "webhook-tls" "secret" $webhook.tls.existingSecret "items" (list "tls.crt" "tls.key"))
  (dict "if" (and $calls $inRelease $webhook.tls.ca) "name" "webhook-ca" "secret" $webhook.tls.existingSecret "items" (list "ca.crt"))
  (dict "if" $serves "name" "webhook-client-ca" "secret" $webhook.mtls.existingSecret "items" (list "ca.crt"))
  (dict "if" (and $calls $inRelease) "name" "webhook-client" "secret" $webhook.mtls.existingSecret "items" (list "tls.crt" "tls.key"))
-}}
{{- range $wanted -}}
{{- if and .if .secret -}}
{{- $volumes = append $volumes (dict "name" .name "secret" .secret "path" (printf "/var/run/kubeferry/%s" .name) "items" .items) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .process.kubeconfig -}}
{{- $volumes = append $volumes (dict "name" "kubeconfig" "secret" .existingSecret "path" "/var/run/kubeferry/kubeconfig" "items" (list (.key | default "kubeconfig"))) -}}
{{- end -}}
{{- toYaml $volumes -}}
{{- end -}}

{{/* The Secrets that are named and not there; none where the cluster cannot be asked. */}}
{{- define "kubeferry.missingSecrets" -}}
{{- $root := . -}}
{{- $names := list -}}
{{- range fromYamlArray (include "kubeferry.processes" .) -}}
{{- $scope := dict "root" $root "process" . "configuration" (fromYaml (include "kubeferry.configuration" (dict "root" $root "process" .))) -}}
{{- range fromYamlArray (include "kubeferry.secretVolumes" $scope) }}{{ $names = append $names .secret }}{{ end -}}
{{- range fromYaml (include "kubeferry.secretsOf" $scope) }}{{ $names = append $names .existingSecret }}{{ end -}}
{{- end -}}
{{- $names = concat $names $root.Values.image.pullSecrets -}}
{{- with $root.Values.webhook.ingress -}}
{{- if and (eq $root.Values.mode "webhook") .enabled .tlsSecret }}{{ $names = append $names .tlsSecret }}{{ end -}}
{{- end -}}
{{- if lookup "v1" "Namespace" "" "kube-system" -}}
{{- range $names | uniq | sortAlpha }}
{{- if not (lookup "v1" "Secret" $root.Release.Namespace .) }}
  {{ . }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
