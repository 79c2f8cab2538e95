import { readFileSync } from 'node:fs';
import type { PrometheusServer } from './prometheus-server.js';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** A query of a panel, as Grafana asks it with every choice left at "All". */
export interface PanelQuery {
  readonly panel: string;
  readonly expression: string;
}

const CHOSEN: Readonly<Record<string, string>> = {
  $__rate_interval: '20s',
  $namespace: '.*',
  $release: '.*',
  $route: '.*',
};

const asked = (expression: string): string =>
  Object.entries(CHOSEN).reduce((text, [name, value]) => text.replaceAll(name, value), expression);

export function panelQueries(): PanelQuery[] {
  const { panels } = JSON.parse(readFileSync('helm/inkwell/files/dashboard.json', 'utf8')) as {
    panels: Panel[];
  };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ panel: title, expression: asked(expr) })),
  );
}

/** @returns what has no number to show, each with its query @throws when a query does not parse */
export async function withoutData(
  prometheus: PrometheusServer,
  queries: readonly PanelQuery[],
): Promise<PanelQuery[]> {
  const answers = await Promise.all(queries.map(({ expression }) => prometheus.query(expression)));
  return queries.filter((_, index) => !answers[index]!.some(Number.isFinite));
}
