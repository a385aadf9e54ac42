{{/* A duration of the configuration ("1m30s") in whole seconds, rounded up; the longest that may be meant by a reference. */}}
{{- define "kubeferry.seconds" -}}
{{- $text := toString . -}}
{{- if contains "${" $text -}}
600
{{- else -}}
{{- $each := dict "ms" 0.001 "s" 1 "m" 60 "h" 3600 "d" 86400 -}}
{{- $sum := 0.0 -}}
{{- range regexFindAll "[0-9.]+(ms|s|m|h|d)" $text -1 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- $sum = addf $sum (mulf (float64 (trimSuffix $unit .)) (get $each $unit)) -}}
{{- end -}}
{{- ceil $sum | int64 -}}
{{- end -}}
{{- end -}}

{{/* A quantity of memory in bytes. */}}
{{- define "kubeferry.bytes" -}}
{{- $each := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $text := ternary (printf "%.0f" .) (toString .) (kindIs "float64" .) -}}
{{- $unit := regexFind "[A-Za-z]*$" $text -}}
{{- if not (hasKey $each $unit) }}{{ fail (printf "%s: write memory with Ki, Mi or Gi" $text) }}{{ end -}}
{{- mulf (float64 (trimSuffix $unit $text)) (get $each $unit) | int64 -}}
{{- end -}}

{{/* A quantity of CPUs in thousandths. */}}
{{- define "kubeferry.millicores" -}}
{{- $text := toString . -}}
{{- if hasSuffix "m" $text -}}
{{- trimSuffix "m" $text | float64 | int64 -}}
{{- else -}}
{{- mulf (float64 $text) 1000 | int64 -}}
{{- end -}}
{{- end -}}
