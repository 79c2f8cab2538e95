import { type AlertCases, BLOG, requests, scaled } from './alert-scenes.js';

export const replicaAlertCases: Readonly<Record<string, AlertCases>> = {
  InkwellDown: {
    fires: {
      series: { 'up{job="inkwell",instance="a"}': '1x3 0x10' },
      at: '8m',
      labels: {},
      summary: 'No replica of Inkwell can be scraped',
    },
    silent: {
      'one replica of two away': {
        series: { 'up{job="inkwell",instance="a"}': '0x20', 'up{job="inkwell",instance="b"}': '1x20' },
        at: '15m',
      },
      'a moment without any': { series: { 'up{job="inkwell",instance="a"}': '1x3 0x1 1x10' }, at: '8m' },
    },
  },
  InkwellReadinessFlapping: {
    fires: {
      series: { [requests('503', '/readyz')]: '0 0 0 0+3x3 9+0x4 9+3x3 18+0x4 18+3x3 27+0x4' },
      at: '28m',
      labels: { ...BLOG, instance: 'a' },
      summary: 'a became ready and not ready again 6 times in 30 minutes',
    },
    silent: {
      'a start': { series: { [requests('503', '/readyz')]: '0+3x3 9+0x27' }, at: '28m' },
      'a replica that stays away': { series: { [requests('503', '/readyz')]: '0+3x30' }, at: '28m' },
    },
  },
  InkwellAtMaxReplicas: {
    fires: {
      series: {
        [scaled('status_current_replicas')]: '6x20',
        [scaled('spec_max_replicas')]: '6x20',
        [scaled('spec_min_replicas')]: '2x20',
      },
      at: '16m',
      labels: { namespace: 'blog', horizontalpodautoscaler: 'r-inkwell' },
      summary: 'r-inkwell has had all of its 6 replicas for 15 minutes',
    },
    silent: {
      'one replica less': {
        series: {
          [scaled('status_current_replicas')]: '5x20',
          [scaled('spec_max_replicas')]: '6x20',
          [scaled('spec_min_replicas')]: '2x20',
        },
        at: '16m',
      },
      'a short peak': {
        series: {
          [scaled('status_current_replicas')]: '6x10 4x10',
          [scaled('spec_max_replicas')]: '6x20',
          [scaled('spec_min_replicas')]: '2x20',
        },
        at: '9m',
      },
      'as many replicas at least as at most': {
        series: {
          [scaled('status_current_replicas')]: '3x20',
          [scaled('spec_max_replicas')]: '3x20',
          [scaled('spec_min_replicas')]: '3x20',
        },
        at: '16m',
      },
      'the autoscaler of something else': {
        series: {
          [scaled('status_current_replicas', 'shop')]: '6x20',
          [scaled('spec_max_replicas', 'shop')]: '6x20',
          [scaled('spec_min_replicas', 'shop')]: '2x20',
        },
        at: '16m',
      },
    },
  },
};
