{{/* Secret and key that hold the URL of the database. */}}
{{- define "inkwell.databaseSecret" -}}
{{- $p := .Values.postgresql -}}
{{- if eq $p.mode "external" -}}
name: {{ $p.external.existingSecret }}
key: {{ $p.external.existingSecretKey }}
{{- else if eq $p.mode "cloudnative-pg" -}}
name: {{ default (printf "%s-postgresql" (include "inkwell.fullname" .)) $p.cloudnativePg.existingCluster }}-app
key: uri
{{- else -}}
name: {{ include "inkwell.fullname" . }}-evaluation
key: DATABASE_URL
{{- end }}
{{- end }}

{{- define "inkwell.authSecret" -}}
{{- if .Values.auth.existingSecret -}}
name: {{ .Values.auth.existingSecret }}
key: {{ .Values.auth.existingSecretKey }}
{{- else -}}
name: {{ include "inkwell.fullname" . }}-evaluation
key: AUTH_SECRET
{{- end }}
{{- end }}

{{/* What every process of the image needs. */}}
{{- define "inkwell.environment" -}}
- name: NODE_ENV
  value: production
- name: DATABASE_URL
  valueFrom:
    secretKeyRef: {{- include "inkwell.databaseSecret" . | nindent 6 }}
- name: AUTH_SECRET
  valueFrom:
    secretKeyRef: {{- include "inkwell.authSecret" . | nindent 6 }}
{{- with .Values.setup }}
{{- if .existingSecret }}
- name: SETUP_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .existingSecretKey }}
{{- end }}
{{- end }}
{{- with .Values.certificateAuthority }}
{{- if .existingSecret }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/inkwell/certificate-authority/{{ .existingSecretKey }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where they write, and what they are given to read. */}}
{{- define "inkwell.volumeMounts" -}}
- name: scratch
  mountPath: /tmp
{{- if .Values.certificateAuthority.existingSecret }}
- name: certificate-authority
  mountPath: /etc/inkwell/certificate-authority
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "inkwell.volumes" -}}
- name: scratch
  emptyDir:
    sizeLimit: 2Gi
{{- with .Values.certificateAuthority }}
{{- if .existingSecret }}
- name: certificate-authority
  secret:
    secretName: {{ .existingSecret }}
    items:
      - key: {{ .existingSecretKey }}
        path: {{ .existingSecretKey }}
{{- end }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Whole numbers come as floats out of a values file, and would be written as 1.34217728e+08. */}}
{{- define "inkwell.number" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{/* What a replica needs beside. Takes (dict "root" $ "deployment" …). */}}
{{- define "inkwell.serverEnvironment" -}}
{{- $v := .root.Values -}}
- name: PORT
  value: '3000'
- name: METRICS_PORT
  value: {{ $v.metrics.port | quote }}
- name: DATA_DIR
  value: /tmp/inkwell
- name: DATABASE_POOL_MIN
  value: {{ $v.postgresql.pool.min | quote }}
- name: DATABASE_POOL_MAX
  value: {{ $v.postgresql.pool.max | quote }}
- name: SHUTDOWN_DRAIN_SECONDS
  value: {{ $v.shutdown.drainSeconds | quote }}
- name: SHUTDOWN_DEADLINE_SECONDS
  value: {{ $v.shutdown.deadlineSeconds | quote }}
{{- if eq $v.redis.mode "external" }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ $v.redis.external.existingSecret }}
      key: {{ $v.redis.external.existingSecretKey }}
{{- else if eq $v.redis.mode "evaluation" }}
- name: REDIS_URL
  value: redis://{{ include "inkwell.fullname" .root }}-valkey:6379
{{- end }}
{{- with $v.publicUrl }}
- name: PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
{{- with $v.trustedProxies }}
- name: TRUSTED_PROXIES
  value: {{ join "," . | quote }}
{{- end }}
{{- if $v.split.enabled }}
- name: ROLE
  value: {{ .deployment.role }}
- name: INTERNAL_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ $v.split.existingSecret }}
      key: {{ $v.split.existingSecretKey }}
{{- if eq .deployment.role "blog" }}
- name: USERS_URL
  value: http://{{ include "inkwell.fullname" .root }}-users:{{ $v.service.port }}
{{- end }}
{{- end }}
{{- with $v.cdn }}
{{- if .provider }}
- name: CDN_PURGE_PROVIDER
  value: {{ .provider }}
{{- if .zone }}
- name: CDN_PURGE_ZONE
  value: {{ .zone | quote }}
{{- end }}
{{- if .url }}
- name: CDN_PURGE_URL
  value: {{ .url | quote }}
{{- end }}
{{- if .existingSecret }}
- name: CDN_PURGE_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .existingSecretKey }}
{{- end }}
{{- end }}
{{- end }}
{{- with $v.traces }}
{{- if .endpoint }}
- name: NODE_OPTIONS
  value: --import /app/dist/traces.js
- name: OTEL_SERVICE_NAME
  value: {{ $.deployment.name }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .endpoint | quote }}
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ .ratio | quote }}
{{- if .existingSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .existingSecretKey }}
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $value := $v.config }}
- name: {{ $name }}
  value: {{ include "inkwell.number" $value | quote }}
{{- end }}
{{- with $v.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* All variables of a replica, as JSON. */}}
{{- define "inkwell.variables" -}}
{{- toJson (concat (fromYamlArray (include "inkwell.environment" .root)) (fromYamlArray (include "inkwell.serverEnvironment" .))) }}
{{- end }}

{{/*
Replicas read their Secrets when they start: they are replaced when one has changed. Told by its version, since a hash of
what is in it would help to guess it. Nothing where Helm does not see the cluster, as with `helm template`.
*/}}
{{- define "inkwell.secretsAnnotation" -}}
{{- $v := .root.Values }}
{{- $read := list (list "Secret" $v.certificateAuthority.existingSecret) }}
{{- range $variable := fromJsonArray (include "inkwell.variables" .) }}
{{- $from := default dict $variable.valueFrom }}
{{- $read = append $read (list "Secret" (default dict $from.secretKeyRef).name) }}
{{- $read = append $read (list "ConfigMap" (default dict $from.configMapKeyRef).name) }}
{{- end }}
{{- range $v.extraEnvFrom }}
{{- $read = append $read (list "Secret" (default dict .secretRef).name) }}
{{- $read = append $read (list "ConfigMap" (default dict .configMapRef).name) }}
{{- end }}
{{- $versions := list }}
{{- range uniq $read }}
{{- $name := default "" (last .) }}
{{- /* The generated one does not change, and is not there yet at the install. */}}
{{- if not (has $name (list "" (printf "%s-evaluation" (include "inkwell.fullname" $.root)))) }}
{{- with (lookup "v1" (first .) $.root.Release.Namespace $name).metadata }}
{{- $versions = append $versions (printf "%s %s %s" $name .uid .resourceVersion) }}
{{- end }}
{{- end }}
{{- end }}
{{- with $versions }}
checksum/secrets: {{ join "\n" (sortAlpha .) | sha256sum }}
{{- end }}
{{- end }}

{{/* Where replicas are to be. Takes what "inkwell.serverEnvironment" takes. */}}
{{- define "inkwell.topologySpreadConstraints" -}}
{{- $v := .root.Values }}
{{- $constraints := $v.topologySpreadConstraints }}
{{- if and (not $constraints) $v.topologySpread }}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
{{- /* Replicas of an old build do not count while it is rolled. */}}
{{- $constraints = append $constraints (dict "maxSkew" 1 "topologyKey" $key "whenUnsatisfiable" $v.topologySpread "matchLabelKeys" (list "pod-template-hash")) }}
{{- end }}
{{- end }}
{{- $selector := dict "matchLabels" (fromYaml (include "inkwell.selectorLabels" (dict "root" .root "component" .deployment.component))) }}
{{- $all := list }}
{{- range $constraints }}
{{- $all = append $all (merge (dict) . (dict "labelSelector" $selector)) }}
{{- end }}
{{- with $all }}{{ toYaml . }}{{ end }}
{{- end }}
