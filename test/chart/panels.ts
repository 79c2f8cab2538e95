import { readFileSync } from 'node:fs';
import type { PrometheusServer } from './prometheus-server.js';

interface Panel {
  readonly title: string;
  readonly fieldConfig?: { readonly defaults: { readonly noValue?: string } };
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** A query of a panel as Grafana sends it, with every variable left at "All". */
export interface PanelQuery {
  readonly panel: string;
  readonly expression: string;
  /** The text that the panel shows without data. */
  readonly empty?: string | undefined;
}

const CHOSEN: Readonly<Record<string, string>> = {
  $__rate_interval: '20s',
  $namespace: '.*',
  $release: '.*',
  $route: '.*',
  $autoscaler: '.*',
};

/** @param chosen values instead of "All" */
export function panelQueries(chosen: Readonly<Record<string, string>> = {}): PanelQuery[] {
  const filled = (expression: string): string =>
    Object.entries({ ...CHOSEN, ...chosen }).reduce(
      (text, [name, value]) => text.replaceAll(name, value),
      expression,
    );
  const { panels } = JSON.parse(readFileSync('helm/inkwell/files/dashboard.json', 'utf8')) as {
    panels: Panel[];
  };
  return panels.flatMap(({ title, targets = [], fieldConfig }) =>
    targets.map(({ expr }) => ({
      panel: title,
      expression: filled(expr),
      empty: fieldConfig?.defaults.noValue,
    })),
  );
}

/**
 * @returns panels without a number to show, each with its query
 * @throws if a query does not parse
 */
export async function withoutData(
  prometheus: PrometheusServer,
  queries: readonly PanelQuery[],
): Promise<PanelQuery[]> {
  const answers = await Promise.all(queries.map(({ expression }) => prometheus.query(expression)));
  return queries.filter((_, index) => !answers[index]!.some(Number.isFinite));
}
