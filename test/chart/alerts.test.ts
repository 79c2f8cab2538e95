import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { alertCases } from './alert-cases.js';
import { alerts } from './alert-rules.js';

/** alerts.operate.ts checks how Prometheus evaluates them. */
describe('helm/inkwell/files/alerts.yaml', () => {
  it('has a case for each alert', () => {
    expect(Object.keys(alertCases).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  describe.each(alerts)('$alert', (alert) => {
    it('has a page that says what it means, how to see it and what to do', () => {
      expect(Object.keys(alertCases[alert.alert]?.silent ?? {}).length).toBeGreaterThan(0);
      expect(alert.annotations.runbook).toBe(`docs/runbooks/${alert.alert}.md`);
      expect(existsSync(alert.annotations.runbook)).toBe(true);
      const page = readFileSync(alert.annotations.runbook, 'utf8');
      expect([...page.matchAll(/^#+ .*$/gm)].map(([heading]) => heading)).toEqual([
        `# ${alert.alert}`,
        '## What it means',
        '## How to see it',
        '## What to do',
      ]);
    });
  });
});
