{{- define "kubeferry.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "kubeferry.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "kubeferry.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "kubeferry.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "kubeferry.configMapName" -}}
{{- .Values.names.configMap | default (include "kubeferry.fullname" .) -}}
{{- end -}}

{{- define "kubeferry.image" -}}
{{- $image := .Values.image -}}
{{- $repository := required "image.repository: there is no published image; build one (docs/kubernetes.md) and say where it is" $image.repository -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository ($image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "kubeferry.selector" -}}
app.kubernetes.io/name: {{ include "kubeferry.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kubeferry.labels" -}}
{{ include "kubeferry.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Labels of what belongs to one process: root, process. */}}
{{- define "kubeferry.processLabels" -}}
{{ include "kubeferry.labels" .root }}
{{ include "kubeferry.processSelector" . }}
{{- end -}}

{{- define "kubeferry.processSelector" -}}
app.kubernetes.io/component: {{ .process.component }}
{{- with .process.cluster }}
kubeferry.io/cluster: {{ .name | quote }}
{{- end }}
{{- end -}}
