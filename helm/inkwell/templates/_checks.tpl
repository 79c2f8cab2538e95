{{/* What the schema cannot say: values that must fit together. Rendering fails with one line that names them. */}}
{{- define "inkwell.checks" -}}
{{- include "inkwell.check.secrets" . }}
{{- include "inkwell.check.cdn" . }}
{{- include "inkwell.check.proxies" . }}
{{- include "inkwell.check.connections" . }}
{{- include "inkwell.check.grace" . }}
{{- include "inkwell.check.labels" . }}
{{- include "inkwell.check.variables" . }}
{{- include "inkwell.check.resources" . }}
{{- include "inkwell.check.startup" . }}
{{- include "inkwell.check.cluster" . }}
{{- end }}

{{- define "inkwell.check.labels" -}}
{{- $m := .Values.metrics }}
{{- $given := dict "commonLabels" .Values.commonLabels "podLabels" .Values.podLabels "metrics.serviceMonitor.labels" $m.serviceMonitor.labels
      "metrics.prometheusRule.labels" $m.prometheusRule.labels "metrics.dashboard.labels" $m.dashboard.labels }}
{{- range $value, $labels := $given }}
{{- range $key, $_ := $labels }}
{{- if has $key (list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/managed-by" "helm.sh/chart" "inkwell/metrics") }}
{{- fail (printf "%s may not set %s: the chart sets it, and finds its objects by it" $value $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The last of two would win, or the API server would refuse them. */}}
{{- define "inkwell.check.variables" -}}
{{- range $d := fromJsonArray (include "inkwell.deployments" .) }}
{{- $seen := dict }}
{{- range $variable := fromJsonArray (include "inkwell.variables" (dict "root" $ "deployment" $d)) }}
{{- if hasKey $seen $variable.name }}
{{- fail (printf "extraEnv sets %s, which is set already: by its own value, by config, or twice" $variable.name) }}
{{- end }}
{{- $_ := set $seen $variable.name true }}
{{- end }}
{{- end }}
{{- end }}

{{/* A quantity of Kubernetes in bytes. */}}
{{- define "inkwell.bytes" -}}
{{- $units := dict "" 1 "m" 0.001 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 }}
{{- $text := include "inkwell.number" . }}
{{- $unit := regexFind "[a-zA-Z]*$" $text }}
{{- mulf (trimSuffix $unit $text | float64) (index $units $unit) | floor | int64 }}
{{- end }}

{{- define "inkwell.check.resources" -}}
{{- $v := .Values }}
{{- /* Of src/platform/cache/cache-settings.ts, and what a process takes beside its cache: docs/sizing.md. */}}
{{- $cacheBytes := int64 (default 67108864 $v.config.CACHE_MAX_BYTES) }}
{{- $processBytes := mul 145 1048576 }}
{{- range $d := fromJsonArray (include "inkwell.deployments" .) }}
{{- $limit := (default dict $d.resources.limits).memory }}
{{- if and $limit (lt (int64 (include "inkwell.bytes" $limit)) (add $cacheBytes $processBytes)) }}
{{- fail (printf "the memory limit of %s (%v) is less than CACHE_MAX_BYTES (%d MiB) and the 145 MiB of the process: raise resources.limits.memory, or lower config.CACHE_MAX_BYTES" $d.name $limit (div $cacheBytes 1048576)) }}
{{- end }}
{{- if and $v.autoscaling.enabled (not $v.autoscaling.metrics) (not (default dict $d.resources.requests).cpu) }}
{{- fail (printf "resources.requests.cpu of %s must be set: the autoscaler aims at a percentage of it" $d.name) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "inkwell.check.startup" -}}
{{- $probe := .Values.probes.startup }}
{{- $patience := add (default 0 $probe.initialDelaySeconds) (mul $probe.periodSeconds $probe.failureThreshold) }}
{{- $deadline := default 120 .Values.config.STARTUP_DEADLINE_SECONDS | float64 }}
{{- if lt (float64 $patience) $deadline }}
{{- fail (printf "probes.startup kills a replica after %d s, while it may wait for PostgreSQL for STARTUP_DEADLINE_SECONDS (%v): raise probes.startup.failureThreshold" (int $patience) $deadline) }}
{{- end }}
{{- end }}

{{- define "inkwell.check.cluster" -}}
{{- $c := .Values.postgresql.cloudnativePg }}
{{- $isOurs := and (eq .Values.postgresql.mode "cloudnative-pg") (not $c.existingCluster) }}
{{- if and (not $isOurs) (or $c.backup $c.plugins $c.externalClusters $c.scheduledBackup) }}
{{- fail "postgresql.cloudnativePg.backup, plugins, externalClusters and scheduledBackup are of the Cluster that the chart makes: with postgresql.mode cloudnative-pg, and without existingCluster" }}
{{- end }}
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
