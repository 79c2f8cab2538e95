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
    sizeLimit: 64Mi
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
  value: {{ ternary (int64 $value) $value (kindIs "float64" $value) | toString | quote }}
{{- end }}
{{- with $v.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
