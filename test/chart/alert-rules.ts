import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: 'critical' | 'warning' };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
}
interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export const RULES = resolve('helm/inkwell/files/alerts.yaml');

const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: (Alert | RecordingRule)[] }[] };

export const rules = groups.flatMap((group) => group.rules);
export const alerts = rules.filter((rule): rule is Alert => 'alert' in rule);

/** The alert, together with the recording rules that it uses. */
export const rulesOf = (alert: Alert): (Alert | RecordingRule)[] => [
  ...rules.filter((rule) => 'record' in rule && alert.expr.includes(rule.record)),
  alert,
];
