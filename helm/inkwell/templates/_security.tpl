{{/* The "restricted" Pod Security Standard. Takes (dict "root" $ "user" 1000). */}}
{{- define "inkwell.podSecurityContext" -}}
runAsNonRoot: true
{{- if not .root.Values.openshift }}
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "inkwell.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
