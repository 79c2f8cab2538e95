/** The rows of panels on the dashboard. In the queries, `$own` stands for the labels of the selected release. */

const SERVED = '$own,route!~"/(livez|readyz|startupz|health|stats|metrics)"';
const HTTP = '$own,route=~"$route"';

const line = (title, unit, ...queries) => ({ type: 'timeseries', title, unit, queries });
const number = (title, unit, query, thresholds) => ({
  type: 'stat',
  title,
  unit,
  queries: [[query]],
  thresholds,
});
/** @param empty the text of a panel without data */
const unless = (empty, panel) => ({ ...panel, empty });
const quantile = (q, by, histogram) =>
  `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (rate(${histogram}[$__rate_interval])))`;
const rate = (by, counter) => `sum by (${by}) (rate(${counter}[$__rate_interval]))`;

const ofHits = (by) =>
  `sum by (${by}) (rate(cache_hits_total{$own}[$__rate_interval])) / (` +
  `sum by (${by}) (rate(cache_hits_total{$own}[$__rate_interval])) + ` +
  `sum by (${by}) (rate(cache_misses_total{$own}[$__rate_interval])))`;

export const rows = [
  {
    title: 'Service level: 99.9 % of the requests without a 5xx, 99 % within 250 ms',
    panels: [
      number(
        'Answered without a 5xx (1 h)',
        'percentunit',
        `1 - (sum(rate(http_requests_total{${SERVED},status=~"5.."}[1h])) or vector(0)) / sum(rate(http_requests_total{${SERVED}}[1h]))`,
        { red: null, green: 0.999 },
      ),
      number(
        'Within 250 ms (1 h)',
        'percentunit',
        `sum(rate(http_request_duration_seconds_bucket{${SERVED},le="0.25"}[1h])) / sum(rate(http_request_duration_seconds_count{${SERVED}}[1h]))`,
        { red: null, green: 0.99 },
      ),
      number('Requests', 'reqps', `sum(rate(http_requests_total{${SERVED}}[$__rate_interval]))`),
      number('p99', 's', quantile(0.99, [], `http_request_duration_seconds_bucket{${SERVED}}`), {
        green: null,
        red: 0.25,
      }),
      line(
        'Burn rate: how many times faster than allowed the budget of errors goes',
        'none',
        [
          `(sum(rate(http_requests_total{${SERVED},status=~"5.."}[1h])) or vector(0)) / sum(rate(http_requests_total{${SERVED}}[1h])) / 0.001`,
          '5xx, 1 h',
        ],
        [
          `(1 - sum(rate(http_request_duration_seconds_bucket{${SERVED},le="0.25"}[1h])) / sum(rate(http_request_duration_seconds_count{${SERVED}}[1h]))) / 0.01`,
          'slow, 1 h',
        ],
      ),
    ],
  },
  {
    title: 'Requests',
    panels: [
      line('Rate by route', 'reqps', [
        rate('method, route', `http_requests_total{${HTTP}}`),
        '{{method}} {{route}}',
      ]),
      unless(
        'No request has failed.',
        line('5xx by route', 'reqps', [
          rate('route, status', `http_requests_total{${HTTP},status=~"5.."}`),
          '{{route}} {{status}}',
        ]),
      ),
      line('Rate by status', 'reqps', [rate('status', `http_requests_total{${HTTP}}`), '{{status}}']),
      line('Average by route', 's', [
        `${rate('route', `http_request_duration_seconds_sum{${HTTP}}`)} / ${rate('route', `http_request_duration_seconds_count{${HTTP}}`)}`,
        '{{route}}',
      ]),
      line('p95 by route', 's', [
        quantile(0.95, ['route'], `http_request_duration_seconds_bucket{${HTTP}}`),
        '{{route}}',
      ]),
      line('p99 by route', 's', [
        quantile(0.99, ['route'], `http_request_duration_seconds_bucket{${HTTP}}`),
        '{{route}}',
      ]),
    ],
  },
  {
    title: 'Cache',
    panels: [
      number('Hit ratio', 'percentunit', ofHits('job'), { red: null, green: 0.8 }),
      line('Hit ratio by cache', 'percentunit', [ofHits('cache'), '{{cache}}']),
      line(
        'Hits by cache and tier, and misses',
        'reqps',
        [rate('cache, tier', 'cache_hits_total{$own}'), '{{cache}} {{tier}}'],
        [rate('cache', 'cache_misses_total{$own}'), '{{cache}} miss'],
      ),
      line('Latency, p95', 's', [
        quantile(0.95, ['cache', 'op'], 'cache_latency_seconds_bucket{$own}'),
        '{{cache}} {{op}}',
      ]),
      line('Latency, p99', 's', [
        quantile(0.99, ['cache', 'op'], 'cache_latency_seconds_bucket{$own}'),
        '{{cache}} {{op}}',
      ]),
      line('Invalidations', 'ops', [rate('instance', 'cache_invalidations_total{$own}'), '{{instance}}']),
      line(
        'Coalesced, stale',
        'ops',
        [rate('cache', 'cache_coalesced_total{$own}'), '{{cache}} coalesced'],
        [rate('cache', 'cache_stale_total{$own}'), '{{cache}} stale'],
      ),
      unless(
        'No tier has failed, or there is no Redis.',
        line('Failures of a tier', 'ops', [rate('tier, op', 'cache_errors_total{$own}'), '{{tier}} {{op}}']),
      ),
      line('Entries in memory', 'short', ['cache_entries{$own}', '{{instance}}']),
      line('Memory they take', 'bytes', ['cache_bytes{$own}', '{{instance}}']),
    ],
  },
  {
    title: 'Coherence',
    panels: [
      line('Leases held: 1 while the caches may be used', 'short', [
        'coherence_lease_held{$own}',
        '{{instance}}',
      ]),
      line('Replicas that hold a lease', 'short', ['coherence_replicas{$own}', 'as {{instance}} sees it']),
      line(
        'Wait of a write, from its COMMIT to its answer',
        's',
        [quantile(0.5, [], 'coherence_write_wait_seconds_bucket{$own}'), 'p50'],
        [quantile(0.95, [], 'coherence_write_wait_seconds_bucket{$own}'), 'p95'],
        [quantile(0.99, [], 'coherence_write_wait_seconds_bucket{$own}'), 'p99'],
      ),
      line(
        'Writes that waited for a lease to run out, or could not be announced',
        'ops',
        [rate('instance', 'coherence_lease_waits_total{$own}'), '{{instance}} waited'],
        [rate('instance', 'coherence_lost_announcements_total{$own}'), '{{instance}} not announced'],
      ),
      line('Entries of Redis not believed: a change came after them', 'ops', [
        rate('cache', 'cache_rejected_snapshots_total{$own}'),
        '{{cache}}',
      ]),
      line('Loads that a change overtook, not stored', 'ops', [
        rate('cache', 'cache_fenced_total{$own}'),
        '{{cache}}',
      ]),
    ],
  },
  {
    title: 'Database',
    panels: [
      line('Connections', 'short', ['sum by (state) (db_pool_connections{$own})', '{{state}}']),
      line('Callers that wait for a connection', 'short', ['db_pool_pending{$own}', '{{instance}}']),
      line('Queries by purpose', 'ops', [rate('purpose', 'db_queries_total{$own}'), '{{purpose}}']),
      line('Queries by purpose, average', 's', [
        `${rate('purpose', 'db_query_duration_seconds_sum{$own}')} / ${rate('purpose', 'db_query_duration_seconds_count{$own}')}`,
        '{{purpose}}',
      ]),
      line('Queries by purpose, p95', 's', [
        quantile(0.95, ['purpose'], 'db_query_duration_seconds_bucket{$own}'),
        '{{purpose}}',
      ]),
    ],
  },
  {
    title: 'Outbound calls, webhooks and CDN',
    panels: [
      line('Age of the oldest change they wait for', 's', [
        'max by (release) (outbox_lag_seconds{$own})',
        '{{release}}',
      ]),
      line('Deliveries to webhooks', 'ops', [rate('result', 'webhook_deliveries_total{$own}'), '{{result}}']),
      unless(
        'There is no CDN: CDN_PURGE_PROVIDER is not set.',
        line('Purges of the CDN', 'ops', [rate('result', 'cdn_purges_total{$own}'), '{{result}}']),
      ),
      unless(
        'No other server has been called: for a webhook, a CDN, or the users side of a split.',
        line('Calls by host', 'reqps', [rate('host', 'http_client_requests_total{$own}'), '{{host}}']),
      ),
      line('Sockets', 'short', ['sum by (state) (http_client_sockets{$own})', '{{state}}']),
      line('Connections opened', 'ops', [
        rate('instance', 'http_client_connections_created_total{$own}'),
        '{{instance}}',
      ]),
    ],
  },
  {
    title: 'Accounts',
    panels: [
      line('Logins', 'reqps', [rate('result', 'auth_login_total{$own}'), '{{result}}']),
      unless(
        'Nobody has been refused.',
        line('Refused by a rate limit', 'reqps', [rate('policy', 'rate_limited_total{$own}'), '{{policy}}']),
      ),
      line('Passwords waiting to be checked', 'short', ['password_hash_queue_depth{$own}', '{{instance}}']),
    ],
  },
  {
    title: 'Process',
    panels: [
      line('Event loop lag', 's', ['nodejs_eventloop_lag_p99_seconds{$own}', '{{instance}} p99']),
      line('Event loop utilization', 'percentunit', ['nodejs_eventloop_utilization{$own}', '{{instance}}']),
      line('CPU', 'percentunit', [rate('instance', 'process_cpu_seconds_total{$own}'), '{{instance}}']),
      line(
        'Memory',
        'bytes',
        ['process_resident_memory_bytes{$own}', '{{instance}} resident'],
        ['nodejs_heap_size_used_bytes{$own}', '{{instance}} heap'],
      ),
      line('Garbage collection', 'percentunit', [
        rate('instance, kind', 'nodejs_gc_duration_seconds_sum{$own}'),
        '{{instance}} {{kind}}',
      ]),
      line('Time since the start', 's', ['time() - process_start_time_seconds{$own}', '{{instance}}']),
    ],
  },
  {
    title: 'Replicas',
    panels: [
      line('Running, by version', 'short', ['count by (version) (build_info{$own})', '{{version}}']),
      unless(
        'There is no autoscaler here, or no kube-state-metrics that tells of it.',
        line(
          'Autoscaler',
          'short',
          ['kube_horizontalpodautoscaler_status_current_replicas{$scaled}', '{{horizontalpodautoscaler}}'],
          ['kube_horizontalpodautoscaler_spec_max_replicas{$scaled}', '{{horizontalpodautoscaler}} at most'],
        ),
      ),
    ],
  },
];
