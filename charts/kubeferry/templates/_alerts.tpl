{{/*
The groups of files/rules, with the runbooks' address, the objectives of `monitoring.rules.objectives` before those of the
file, and a line for each cluster that must not be forgotten.
*/}}
{{- define "kubeferry.ruleGroups" -}}
{{- $settings := .Values.monitoring.rules }}
{{- $base := printf "%s/" (trimSuffix "/" .Values.monitoring.runbookBase) }}
{{- $groups := list }}
{{- range $path, $_ := .Files.Glob "files/rules/*.yaml" }}
{{- range $group := (fromYaml ($.Files.Get $path | replace "RUNBOOK_BASE/" $base)).groups }}
{{- if eq $group.name "kubeferry-objectives" }}
{{- $rules := list }}
{{- range $rule := $group.rules }}
{{- $choices := list }}
{{- range $settings.objectives }}
{{- if eq $rule.record (printf "kubeferry:objective_%s" .objective) }}
{{- $labels := list }}
{{- range $name, $value := omit . "objective" "is" }}
{{- $labels = append $labels (printf "%s=%s" $name (quote $value)) }}
{{- end }}
{{- $narrowed := printf "${1}{%s}) * %v" (join "," $labels) .is }}
{{- $choices = append $choices (regexReplaceAll "^(.*[(]\\w+)[)] [*] [0-9.]+$" $rule.expr $narrowed) }}
{{- end }}
{{- end }}
{{- $rules = append $rules (set $rule "expr" (join " or " (append $choices $rule.expr))) }}
{{- end }}
{{- range $settings.expectedClusters }}
{{- $rules = append $rules (dict "record" "kubeferry:expected_backup" "expr" "vector(1)" "labels" (dict "cluster" .)) }}
{{- end }}
{{- $_ := set $group "rules" $rules }}
{{- end }}
{{- $groups = append $groups $group }}
{{- end }}
{{- end }}
{{- toYaml $groups }}
{{- end }}
