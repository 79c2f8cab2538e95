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
{{- range $name, $value := $v.config }}
- name: {{ $name }}
  value: {{ ternary (int64 $value) $value (kindIs "float64" $value) | toString | quote }}
{{- end }}
{{- with $v.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
