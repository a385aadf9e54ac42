{{/* The template of a Pod: root, process, configuration. */}}
{{- define "kubeferry.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $process := .process -}}
{{- $configuration := .configuration -}}
{{- $serves := eq $process.component "serve" -}}
metadata:
  labels:
    {{- include "kubeferry.processLabels" . | nindent 4 }}
    {{- with $values.pod.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.pod.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- if not $serves }}
  restartPolicy: Never
  {{- end }}
  serviceAccountName: {{ $process.serviceAccount }}
  automountServiceAccountToken: {{ include "kubeferry.needsToken" . }}
  enableServiceLinks: false
  {{- /* Long enough that the process ends by itself: what it may finish in, and what it takes to say so. */}}
  terminationGracePeriodSeconds: {{ add (include "kubeferry.seconds" ($configuration.shutdownTimeout | default "20s")) 10 }}
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    {{- if not $values.openshift }}
    runAsUser: 1001
    runAsGroup: 0
    fsGroup: 1001
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: {{ $process.container }}
      image: {{ include "kubeferry.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args:
        {{- concat $process.args (list "--config" "/etc/kubeferry/kubeferry.yaml") $process.section.args | toYaml | nindent 8 }}
      env:
        - name: HOME
          value: /tmp
        {{- with include "kubeferry.memory" . }}
        - name: NODE_OPTIONS
          value: --max-old-space-size={{ div (include "kubeferry.bytes" .) 2097152 }} --max-semi-space-size=4
        {{- end }}
        {{- with $values.pod.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with include "kubeferry.secretEnvironment" . }}
      envFrom:
        {{- . | nindent 8 }}
      {{- end }}
      ports:
        - name: metrics
          containerPort: {{ include "kubeferry.metricsPort" $configuration }}
        {{- if $serves }}
        - name: webhook
          containerPort: {{ include "kubeferry.receiverPort" $root }}
        {{- end }}
      {{- if $serves }}
      {{- /* The port inside: a kubelet has no client certificate, and needs none there. */}}
      {{- range $probe, $path := dict "readinessProbe" "/readyz" "livenessProbe" "/healthz" }}
      {{ $probe }}:
        httpGet:
          path: {{ $path }}
          port: metrics
        periodSeconds: 10
        timeoutSeconds: 5
      {{- end }}
      {{- end }}
      resources:
        {{- include "kubeferry.resources" . | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: configuration
          mountPath: /etc/kubeferry
          readOnly: true
        - name: tmp
          mountPath: /tmp
        {{- range fromYamlArray (include "kubeferry.secretVolumes" .) }}
        - name: {{ .name }}
          mountPath: {{ .path }}
          readOnly: true
        {{- end }}
        {{- with $values.pod.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: configuration
      configMap:
        name: {{ include "kubeferry.configMapName" $root }}
        items:
          - key: {{ $process.name }}.yaml
            path: kubeferry.yaml
    - name: tmp
      emptyDir:
        sizeLimit: {{ $values.pod.tmpSize }}
    {{- range fromYamlArray (include "kubeferry.secretVolumes" .) }}
    - name: {{ .name }}
      secret:
        secretName: {{ .secret }}
        defaultMode: 288
        {{- with .items }}
        items:
          {{- range . }}
          - key: {{ . }}
            path: {{ . }}
          {{- end }}
        {{- end }}
    {{- end }}
    {{- with $values.pod.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.pod.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.pod.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.pod.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.pod.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
{{- end -}}

{{/* Who reads this cluster, or makes a Job in it, needs a token. */}}
{{- define "kubeferry.needsToken" -}}
{{- $makesJob := eq (dig "announce" "via" "none" .configuration) "job" -}}
{{- or .process.token (and $makesJob (not (dig "announce" "cronJob" "kubeconfig" "" .configuration))) -}}
{{- end -}}

{{/* The limit of memory: what the configuration says, else what the Pod is given. */}}
{{- define "kubeferry.memory" -}}
{{- $written := dig "limits" "memory" "" .configuration -}}
{{- if contains "${" (toString $written) -}}
{{- dig "limits" "memory" "" .process.section.resources -}}
{{- else -}}
{{- ternary (printf "%.0f" $written) (toString $written) (kindIs "float64" $written) -}}
{{- end -}}
{{- end -}}

{{- define "kubeferry.cpu" -}}
{{- $written := toString (dig "limits" "cpu" "" .configuration) -}}
{{- contains "${" $written | ternary (toString (dig "limits" "cpu" "" .process.section.resources)) $written -}}
{{- end -}}

{{/* Requests never exceed the limits that the configuration may have lowered. */}}
{{- define "kubeferry.resources" -}}
{{- $resources := deepCopy .process.section.resources -}}
{{- $limits := $resources.limits | default dict -}}
{{- $requests := $resources.requests | default dict -}}
{{- with include "kubeferry.memory" . -}}
{{- $_ := set $limits "memory" . -}}
{{- if and $requests.memory (gt (include "kubeferry.bytes" $requests.memory | int64) (include "kubeferry.bytes" . | int64)) }}{{ $_ := set $requests "memory" . }}{{ end -}}
{{- end -}}
{{- with include "kubeferry.cpu" . -}}
{{- $_ := set $limits "cpu" . -}}
{{- if and $requests.cpu (gt (include "kubeferry.millicores" $requests.cpu | int64) (include "kubeferry.millicores" . | int64)) }}{{ $_ := set $requests "cpu" . }}{{ end -}}
{{- end -}}
{{- toYaml (merge (dict "limits" $limits "requests" $requests) $resources) -}}
{{- end -}}

{{- define "kubeferry.metricsPort" -}}
{{- dig "metrics" "port" 8080 . | int -}}
{{- end -}}
