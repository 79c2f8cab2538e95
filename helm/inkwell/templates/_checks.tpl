{{/* What the schema cannot say: values that must fit together. Rendering fails with one line that names them. */}}
{{- define "inkwell.checks" -}}
{{- include "inkwell.check.secrets" . }}
{{- include "inkwell.check.cdn" . }}
{{- include "inkwell.check.proxies" . }}
{{- include "inkwell.check.connections" . }}
{{- include "inkwell.check.grace" . }}
{{- end }}

{{- define "inkwell.check.secrets" -}}
{{- $v := .Values }}
{{- if and (eq $v.postgresql.mode "external") (not $v.postgresql.external.existingSecret) }}
{{- fail "postgresql.external.existingSecret must name a Secret with the URL of the database (or choose another postgresql.mode)" }}
{{- end }}
{{- if and (eq $v.redis.mode "external") (not $v.redis.external.existingSecret) }}
{{- fail "redis.external.existingSecret must name a Secret with the URL of Redis (or choose another redis.mode)" }}
{{- end }}
{{- if and (ne $v.postgresql.mode "evaluation") (not $v.auth.existingSecret) }}
{{- fail "auth.existingSecret must name a Secret with the keys that sign access tokens" }}
{{- end }}
{{- if and $v.split.enabled (not $v.split.existingSecret) }}
{{- fail "split.existingSecret must name a Secret with the token that the two sides know each other by" }}
{{- end }}
{{- end }}

{{- define "inkwell.check.cdn" -}}
{{- $c := .Values.cdn }}
{{- if and (not $c.provider) (or $c.zone $c.url $c.existingSecret) }}
{{- fail "cdn.provider must say which CDN cdn.zone, cdn.url and cdn.existingSecret are of" }}
{{- end }}
{{- if has $c.provider (list "fastly" "cloudflare") }}
{{- if not $c.existingSecret }}
{{- fail "cdn.existingSecret must name a Secret with the token that may purge" }}
{{- end }}
{{- if not $c.zone }}
{{- fail "cdn.zone must be the zone id of Cloudflare, or the service id of Fastly" }}
{{- end }}
{{- end }}
{{- if and (eq $c.provider "generic") (not $c.url) }}
{{- fail "cdn.url must say where purges are posted to" }}
{{- end }}
{{- end }}

{{- define "inkwell.check.proxies" -}}
{{- $v := .Values }}
{{- if and (or $v.ingress.enabled $v.httpRoute.enabled) (not $v.trustedProxies) }}
{{- fail "trustedProxies must list the CIDRs of the ingress controller's or gateway's pods: without it all users share one rate limit" }}
{{- end }}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) }}
{{- fail "httpRoute.parentRefs must name at least one Gateway" }}
{{- end }}
{{- end }}

{{/* Sessions of one replica: its pool, the one that follows the outbox, the one that answers /readyz. */}}
{{- define "inkwell.sessionsPerReplica" -}}
{{- add .Values.postgresql.pool.max 2 }}
{{- end }}

{{/* Every Deployment at its most, and the replica more that each has while it rolls. */}}
{{- define "inkwell.mostReplicas" -}}
{{- $most := 0 }}
{{- range $d := fromJsonArray (include "inkwell.deployments" .) }}
{{- $replicas := ternary $d.maxReplicas $d.replicas $.Values.autoscaling.enabled }}
{{- $most = add $most (int $replicas) 1 }}
{{- end }}
{{- $most }}
{{- end }}

{{- define "inkwell.check.connections" -}}
{{- $p := .Values.postgresql }}
{{- if gt (int $p.pool.min) (int $p.pool.max) }}
{{- fail (printf "postgresql.pool.min (%d) is more than postgresql.pool.max (%d)" (int $p.pool.min) (int $p.pool.max)) }}
{{- end }}
{{- $replicas := int (include "inkwell.mostReplicas" .) }}
{{- $each := int (include "inkwell.sessionsPerReplica" .) }}
{{- $sessions := mul $replicas $each }}
{{- $free := sub $p.maxConnections $p.reservedConnections }}
{{- if gt (int $sessions) (int $free) }}
{{- fail (printf "%d replicas (the most, and those that roll) with %d database sessions each (postgresql.pool.max + 2) open %d, but postgresql.maxConnections (%d) less postgresql.reservedConnections (%d) leaves %d" $replicas $each (int $sessions) (int $p.maxConnections) (int $p.reservedConnections) (int $free)) }}
{{- end }}
{{- end }}

{{- define "inkwell.check.grace" -}}
{{- $s := .Values.shutdown }}
{{- $needed := add $s.preStopSeconds $s.drainSeconds $s.deadlineSeconds $s.marginSeconds }}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $needed) }}
{{- fail (printf "terminationGracePeriodSeconds (%d) is less than preStopSeconds + drainSeconds + deadlineSeconds + marginSeconds (%d)" (int .Values.terminationGracePeriodSeconds) (int $needed)) }}
{{- end }}
{{- range $d := fromJsonArray (include "inkwell.deployments" .) }}
{{- if gt (int $d.minReplicas) (int $d.maxReplicas) }}
{{- fail (printf "minReplicas (%d) of %s is more than maxReplicas (%d)" (int $d.minReplicas) $d.name (int $d.maxReplicas)) }}
{{- end }}
{{- end }}
{{- end }}
