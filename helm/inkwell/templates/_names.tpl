{{- define "inkwell.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* 45 characters leave room for the longest suffix within the 63 of a label. */}}
{{- define "inkwell.fullname" -}}
{{- $name := include "inkwell.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 45 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 45 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 45 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Takes (dict "root" $ "component" "server"). */}}
{{- define "inkwell.selectorLabels" -}}
app.kubernetes.io/name: {{ include "inkwell.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "inkwell.ownLabels" -}}
{{ include "inkwell.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: inkwell
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Each key once: the labels of one place (`extra`), those of all, our own. Takes (dict "root" $ "component" … "extra" …). */}}
{{- define "inkwell.labels" -}}
{{- $own := fromYaml (include "inkwell.ownLabels" .) }}
{{- toYaml (merge (dict) (default dict .extra) .root.Values.commonLabels $own) }}
{{- end }}

{{- define "inkwell.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{- define "inkwell.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "inkwell.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The Job may run before the release's ServiceAccount exists: it gets one of its own, unless none is made. */}}
{{- define "inkwell.migrationServiceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- include "inkwell.fullname" . }}-migrate
{{- else }}
{{- include "inkwell.serviceAccountName" . }}
{{- end }}
{{- end }}

{{/* The Deployments to make, as JSON: one for everything, or two. */}}
{{- define "inkwell.deployments" -}}
{{- $fullname := include "inkwell.fullname" . }}
{{- $v := .Values }}
{{- if $v.split.enabled }}
{{- $all := list }}
{{- range $side := list "users" "blog" }}
{{- $own := index $v.split $side }}
{{- $all = append $all (dict "component" $side "role" $side "name" (printf "%s-%s" $fullname $side)
      "minReplicas" $own.minReplicas "maxReplicas" $own.maxReplicas "replicas" $own.minReplicas
      "resources" (default $v.resources $own.resources)) }}
{{- end }}
{{- toJson $all }}
{{- else }}
{{- toJson (list (dict "component" "server" "role" "all" "name" $fullname
      "minReplicas" $v.autoscaling.minReplicas "maxReplicas" $v.autoscaling.maxReplicas "replicas" $v.replicaCount
      "resources" $v.resources)) }}
{{- end }}
{{- end }}

{{/* Name of the Service that answers a path: in the split, accounts are under /api. */}}
{{- define "inkwell.routes" -}}
{{- $fullname := include "inkwell.fullname" . }}
{{- if .Values.split.enabled }}
{{- toJson (list (dict "path" "/api" "service" (printf "%s-users" $fullname)) (dict "path" "/" "service" (printf "%s-blog" $fullname))) }}
{{- else }}
{{- toJson (list (dict "path" "/" "service" $fullname)) }}
{{- end }}
{{- end }}
