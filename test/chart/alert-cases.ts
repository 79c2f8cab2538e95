import { type AlertCases, BLOG, ONE, requests, fast, all, of, hits, misses, logins } from './alert-scenes.js';
import { outboundAlertCases } from './outbound-alert-cases.js';
import { replicaAlertCases } from './replica-alert-cases.js';

export const alertCases: Readonly<Record<string, AlertCases>> = {
  ...outboundAlertCases,
  ...replicaAlertCases,
  InkwellErrorBudgetBurnFast: {
    fires: {
      series: { [requests('200')]: '0+980x70', [requests('503')]: '0+20x70' },
      at: '65m',
      labels: BLOG,
      summary: '2% of the requests fail with a 5xx',
    },
    silent: {
      'one failure in 2,000': {
        series: { [requests('200')]: '0+1999x70', [requests('500')]: '0+1x70' },
        at: '65m',
      },
      'failures that are over': {
        series: { [requests('200')]: '0+980x70', [requests('503')]: '0+60x20 1200+0x50' },
        at: '65m',
      },
      'probes of a replica that is not ready': {
        series: { [requests('200')]: '0+10x70', [requests('503', '/readyz')]: '0+30x70' },
        at: '65m',
      },
      'refusals of clients': {
        series: { [requests('200')]: '0+10x70', [requests('429')]: '0+90x70' },
        at: '65m',
      },
    },
  },
  InkwellErrorBudgetBurnSlow: {
    fires: {
      series: { [requests('200')]: '0+998x150', [requests('500')]: '0+2x150' },
      at: '4400m',
      every: '30m',
      labels: BLOG,
      summary: '0.2% of the requests failed with a 5xx over three days',
    },
    silent: {
      'one failure in 2,000': {
        series: { [requests('200')]: '0+1999x150', [requests('500')]: '0+1x150' },
        at: '4400m',
        every: '30m',
      },
    },
  },
  InkwellLatencyBudgetBurnFast: {
    fires: {
      series: { [fast]: '0+80x70', [all]: '0+100x70' },
      at: '65m',
      labels: BLOG,
      summary: '20% of the requests take longer than 250 ms',
    },
    silent: {
      'one slow request in twenty': { series: { [fast]: '0+95x70', [all]: '0+100x70' }, at: '65m' },
    },
  },
  InkwellLatencyBudgetBurnSlow: {
    fires: {
      series: { [fast]: '0+98x150', [all]: '0+100x150' },
      at: '4400m',
      every: '30m',
      labels: BLOG,
      summary: '2% of the requests took longer than 250 ms over three days',
    },
    silent: {
      'one slow request in 200': { series: { [fast]: '0+199x150', [all]: '0+200x150' }, at: '4400m' },
    },
  },
  InkwellEventLoopLag: {
    fires: {
      series: { [of('nodejs_eventloop_lag_p99_seconds')]: '0.25x10' },
      at: '6m',
      labels: ONE,
      summary: 'The event loop of a is late by 250ms (p99)',
    },
    silent: {
      'a healthy loop': { series: { [of('nodejs_eventloop_lag_p99_seconds')]: '0.02x10' }, at: '6m' },
      'one long pause': { series: { [of('nodejs_eventloop_lag_p99_seconds')]: '0.02 3 0.02x10' }, at: '6m' },
    },
  },
  InkwellDatabasePoolSaturated: {
    fires: {
      series: { [of('db_pool_pending')]: '7x10' },
      at: '6m',
      labels: ONE,
      summary: '7 callers on a wait for a database connection',
    },
    silent: {
      'a burst between two scrapes': { series: { [of('db_pool_pending')]: '0 9 0 9 0 9 0 9 0 9' }, at: '6m' },
    },
  },
  InkwellStorageFull: {
    fires: {
      series: { [of('db_storage_full')]: '0 0 1x10' },
      at: '5m',
      labels: BLOG,
      summary: 'PostgreSQL has no space left',
    },
    silent: {
      'a disk with space': { series: { [of('db_storage_full')]: '0x10' }, at: '5m' },
      'a disk that has space again': { series: { [of('db_storage_full')]: '0 1 1 1 0x10' }, at: '8m' },
    },
  },
  InkwellCostlyReadsRefused: {
    fires: {
      series: { [of('db_costly_reads_refused_total', 'reason="busy"')]: '0+60x15' },
      at: '12m',
      labels: { ...BLOG, reason: 'busy' },
      summary: '1.0 searches and deep pages a second are refused (busy)',
    },
    silent: {
      'a burst of a moment': {
        series: { [of('db_costly_reads_refused_total', 'reason="busy"')]: '0 50 50+0x15' },
        at: '12m',
      },
    },
  },
  InkwellCacheHitRatioDrop: {
    fires: {
      series: {
        [hits]: '0+950x1000 950000+300x40',
        [misses]: '0+50x1000 50000+700x40',
        [requests('200')]: '0+1000x1040',
      },
      at: '1025m',
      labels: BLOG,
      summary: 'Only 30% of the reads are cache hits',
    },
    silent: {
      'hits as ever': {
        series: { [hits]: '0+300x1040', [misses]: '0+700x1040', [requests('200')]: '0+1000x1040' },
        at: '1025m',
      },
      'a drop with hardly any request': {
        series: {
          [hits]: '0+9x1000 9000+3x40',
          [misses]: '0+1x1000 1000+7x40',
          [requests('200')]: '0+10x1040',
        },
        at: '1025m',
      },
      'a moment after a release': {
        series: {
          [hits]: '0+950x1000 950000+100x3 950300+950x40',
          [misses]: '0+50x1000 50000+900x3 52700+50x40',
          [requests('200')]: '0+1000x1045',
        },
        at: '1030m',
      },
    },
  },
  InkwellLeaseLost: {
    fires: {
      series: { [of('coherence_lease_held')]: '1 1 0x10' },
      at: '6m',
      labels: ONE,
      summary: 'a has no lease: every read of it asks PostgreSQL',
    },
    silent: {
      'a restart of PostgreSQL': { series: { [of('coherence_lease_held')]: '1 1 0 1x10' }, at: '4m' },
    },
  },
  InkwellCoherenceWaits: {
    fires: {
      series: {
        [of('coherence_lease_waits_total')]: '0+30x15',
        [of('coherence_write_wait_seconds_count')]: '0+60x15',
      },
      at: '12m',
      labels: BLOG,
      summary: '0.5 writes a second wait until the lease of a replica runs out',
    },
    silent: {
      'a replica that was killed': {
        series: {
          [of('coherence_lease_waits_total')]: '0 20 20+0x15',
          [of('coherence_write_wait_seconds_count')]: '0+60x15',
        },
        at: '8m',
      },
      'a few among very many writes': {
        series: {
          [of('coherence_lease_waits_total')]: '0+30x15',
          [of('coherence_write_wait_seconds_count')]: '0+6000x15',
        },
        at: '12m',
      },
    },
  },
  InkwellRedisErrors: {
    fires: {
      series: { [of('cache_errors_total', 'tier="redis",op="get"')]: '0+60x15' },
      at: '12m',
      labels: { ...BLOG, op: 'get' },
      summary: 'Redis fails at get, 1.0 times a second',
    },
    silent: {
      'a restart of Redis': {
        series: { [of('cache_errors_total', 'tier="redis",op="get"')]: '0 20 20+0x15' },
        at: '12m',
      },
    },
  },
  InkwellPasswordHashQueue: {
    fires: {
      series: { [of('password_hash_queue_depth')]: '100x10' },
      at: '5m',
      labels: ONE,
      summary: '100 passwords on a wait to be checked',
    },
    silent: {
      'a queue that empties': {
        series: { [of('password_hash_queue_depth')]: '100 0 100 0 100 0 100' },
        at: '5m',
      },
    },
  },
  InkwellLoginFailures: {
    fires: {
      series: { [logins('failure')]: '0+6x1000 6000+600x20' },
      at: '1012m',
      labels: BLOG,
      summary: '10 logins fail a second',
    },
    silent: {
      'as many as ever': { series: { [logins('failure')]: '0+600x1020' }, at: '1012m' },
      'more, but few': { series: { [logins('failure')]: '0+0x1000 0+30x20' }, at: '1012m' },
      'many that succeed': { series: { [logins('success')]: '0+6x1000 6000+600x20' }, at: '1012m' },
    },
  },
  InkwellRateLimited: {
    fires: {
      series: { [of('rate_limited_total', 'policy="login"')]: '0+120x20' },
      at: '16m',
      labels: { ...BLOG, policy: 'login' },
      summary: '2 requests a second are refused by the limit login',
    },
    silent: {
      'somebody who tries too often': {
        series: { [of('rate_limited_total', 'policy="login"')]: '0+20x20' },
        at: '16m',
      },
    },
  },
  InkwellRequestsRefused: {
    fires: {
      series: { [of('http_requests_refused_total', 'instance="a",reason="busy"')]: '0+120x20' },
      at: '12m',
      labels: BLOG,
      summary: '2 requests a second are refused with 503: too many are being answered',
    },
    silent: {
      'a burst that is over': {
        series: { [of('http_requests_refused_total', 'instance="a",reason="busy"')]: '0+600x2 1200+0x20' },
        at: '12m',
      },
      'a refusal now and then': {
        series: { [of('http_requests_refused_total', 'instance="a",reason="busy"')]: '0+20x20' },
        at: '12m',
      },
    },
  },
  InkwellConnectionsCut: {
    fires: {
      series: { [of('http_connections_cut_total', 'instance="a",reason="address"')]: '0+120x20' },
      at: '16m',
      labels: { ...BLOG, reason: 'address' },
      summary: '2 connections a second are cut: address',
    },
    silent: {
      'clients that do not read, now and then': {
        series: { [of('http_connections_cut_total', 'instance="a",reason="unread"')]: '0+20x20' },
        at: '16m',
      },
    },
  },
};
