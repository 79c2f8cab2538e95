import { type AlertCases, BLOG, deliveries, of, purges } from './alert-scenes.js';

export const outboundAlertCases: Readonly<Record<string, AlertCases>> = {
  InkwellOutboxLag: {
    fires: {
      series: { [of('outbox_lag_seconds')]: '0+60x20' },
      at: '10m',
      labels: BLOG,
      summary: 'The oldest change that webhooks or the CDN wait for is 10m 0s old',
    },
    silent: {
      'a pause that is over': {
        series: { [of('outbox_lag_seconds')]: '0 60 120 180 0x10' },
        at: '6m',
      },
    },
  },
  InkwellWebhookDeadLetters: {
    fires: {
      series: { [deliveries('delivered')]: '0+60x90', [deliveries('dead')]: '0x40 1x50' },
      at: '42m',
      labels: { ...BLOG, result: 'dead' },
      summary: 'Deliveries to webhooks were given up in the last hour (dead: 1)',
    },
    silent: {
      'attempts that fail and are made again': {
        series: {
          [deliveries('failed')]: '0+60x90',
          [deliveries('dead')]: '0x90',
          [deliveries('gone')]: '0x90',
        },
        at: '80m',
      },
      'one that was given up more than an hour ago': {
        series: { [deliveries('dead')]: '0x5 1x90' },
        at: '80m',
      },
    },
  },
  InkwellCdnPurgesFailing: {
    fires: {
      series: {
        [purges('purged')]: '0+10x20 200x60',
        [purges('failed')]: '0x20 0+1x60',
        [purges('limited')]: '0x80',
      },
      at: '50m',
      labels: BLOG,
      summary: 'The CDN has purged nothing for 15 minutes, and was asked 15 times',
    },
    silent: {
      'failures between successes': {
        series: { [purges('purged')]: '0+1x80', [purges('failed')]: '0+3x80' },
        at: '50m',
      },
      'an outage of ten minutes': {
        series: { [purges('purged')]: '0+10x20 200x10 210+10x50', [purges('failed')]: '0x20 0+2x10 20x50' },
        at: '38m',
      },
      'nothing to purge': {
        series: { [purges('purged')]: '5x80', [purges('failed')]: '3x80' },
        at: '50m',
      },
    },
  },
};
