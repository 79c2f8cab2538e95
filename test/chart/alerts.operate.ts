import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertCases } from './alert-cases.js';
import type { Firing, Scene } from './alert-scenes.js';
import { type Alert, alerts, rulesOf, RULES } from './alert-rules.js';
import { providePrometheus } from './provide-prometheus.js';

const folder = mkdtempSync(join(tmpdir(), 'inkwell-alerts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function promtool(...words: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(providePrometheus('promtool'), words, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Runs one promtool test on this alert and the rules it uses. The files may be JSON. */
function look(alert: Alert, { series, at, every = '1m' }: Scene, expected: object[]) {
  const [rules, test] = ['rules', 'test'].map((what) => join(folder, `${alert.alert}.${what}.json`)) as [
    string,
    string,
  ];
  writeFileSync(rules, JSON.stringify({ groups: [{ name: 'inkwell', rules: rulesOf(alert) }] }));
  const scene = {
    interval: every,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert.alert, exp_alerts: expected }],
  };
  writeFileSync(test, JSON.stringify({ rule_files: [rules], evaluation_interval: every, tests: [scene] }));
  return promtool('test', 'rules', test);
}

const firing = ({ labels, annotations }: Alert, { labels: own, summary }: Firing): object => ({
  exp_labels: { ...labels, ...own },
  exp_annotations: { ...annotations, summary },
});

describe('helm/inkwell/files/alerts.yaml', () => {
  it('is a file of rules that promtool accepts', () => {
    expect(promtool('check', 'rules', RULES)).toMatchObject({ status: 0 });
  });

  it('fails the tests below when an expression is broken', () => {
    const [alert] = alerts.filter((each) => each.alert === 'InkwellRateLimited');
    const { fires } = alertCases['InkwellRateLimited']!;
    const broken = { ...alert!, expr: alert!.expr.replace('rate_limited_total{', 'rate_limit_total{') };
    expect(look(broken, fires, [firing(alert!, fires)])).toMatchObject({ status: 1 });
    expect(look(alert!, fires, [firing(alert!, fires)]).status).toBe(0);
  });

  describe.each(alerts)('$alert', (alert) => {
    const { fires, silent } = alertCases[alert.alert] ?? { silent: {} };

    it('fires', () => {
      expect(look(alert, fires!, [firing(alert, fires!)])).toMatchObject({ status: 0 });
    });

    it.each(Object.entries(silent))('is silent on %s', (_, quiet) => {
      expect(look(alert, quiet, [])).toMatchObject({ status: 0 });
    });
  });
});

describe('compose/prometheus.yml', () => {
  it('is a configuration that promtool accepts', () => {
    expect(promtool('check', 'config', '--syntax-only', 'compose/prometheus.yml')).toMatchObject({
      status: 0,
    });
  });
});
