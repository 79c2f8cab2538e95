import { rows } from './dashboard-rows.js';

const COLUMNS = 24;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const LABELS = {
  $own: 'job="inkwell",namespace=~"$namespace",release=~"$release"',
  $scaled: 'horizontalpodautoscaler=~"$autoscaler",namespace=~"$namespace"',
};
const SIZES = { stat: { w: 6, h: 4 }, timeseries: { w: 8, h: 8 } };

const withLabels = (query) =>
  Object.entries(LABELS).reduce((text, [name, labels]) => text.replaceAll(name, labels), query);

const steps = (thresholds = { green: null }) =>
  Object.entries(thresholds).map(([color, value]) => ({ color, value }));

const target = ([query, legend = ''], index) => ({
  refId: String.fromCharCode(65 + index),
  datasource: DATASOURCE,
  expr: withLabels(query),
  legendFormat: legend,
});

const OPTIONS = {
  stat: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'area' },
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom' },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
};

const panel = ({ type, title, unit, queries, thresholds, empty }) => ({
  type,
  title,
  ...(empty === undefined ? {} : { description: `Without data: ${empty}` }),
  datasource: DATASOURCE,
  fieldConfig: {
    defaults: {
      unit,
      min: 0,
      // The text of a panel whose queries have no result.
      ...(empty === undefined ? {} : { noValue: empty }),
      thresholds: { mode: 'absolute', steps: steps(thresholds) },
    },
    overrides: [],
  },
  options: OPTIONS[type],
  targets: queries.map(target),
});

/** Panels from left to right, with each row below the previous one. */
function laidOut() {
  const panels = [];
  let y = 0;
  const place = (what, gridPos) => panels.push({ id: panels.length + 1, ...what, gridPos });
  for (const row of rows) {
    place({ type: 'row', title: row.title, collapsed: false, panels: [] }, { x: 0, y, w: COLUMNS, h: 1 });
    y += 1;
    let [x, height] = [0, 0];
    for (const each of row.panels) {
      const { w, h } = SIZES[each.type];
      if (x + w > COLUMNS) [x, y, height] = [0, y + height, 0];
      place(panel(each), { x, y, w, h });
      [x, height] = [x + w, Math.max(height, h)];
    }
    y += height;
  }
  return panels;
}

/** A variable for the values of a label. By default it allows all values, or none. */
const choice = (name, label, query) => ({
  name,
  label,
  type: 'query',
  datasource: DATASOURCE,
  query: { query, refId: name },
  refresh: 2,
  includeAll: true,
  multi: true,
  allValue: '.*',
  current: { text: ['All'], value: ['$__all'] },
});

/** helm/inkwell/files/dashboard.json, in the form that Grafana imports. */
export const dashboard = () =>
  `${JSON.stringify(
    {
      uid: 'inkwell',
      title: 'Inkwell',
      tags: ['inkwell'],
      schemaVersion: 39,
      editable: true,
      graphTooltip: 1,
      refresh: '30s',
      time: { from: 'now-3h', to: 'now' },
      templating: {
        list: [
          { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {} },
          choice('namespace', 'Namespace', 'label_values(build_info{job="inkwell"}, namespace)'),
          choice(
            'release',
            'Release',
            'label_values(build_info{job="inkwell",namespace=~"$namespace"}, release)',
          ),
          // Users choose the names of deployments and autoscalers, so the dashboard has a variable for those next to
          // Inkwell.
          choice(
            'autoscaler',
            'Autoscaler',
            'label_values(kube_horizontalpodautoscaler_spec_max_replicas{namespace=~"$namespace"}, horizontalpodautoscaler)',
          ),
          choice('route', 'Route', `label_values(http_requests_total{${LABELS.$own}}, route)`),
        ],
      },
      annotations: {
        list: [
          {
            name: 'Starts',
            datasource: DATASOURCE,
            enable: true,
            iconColor: 'blue',
            expr: `changes(process_start_time_seconds{${LABELS.$own}}[1m]) > 0`,
            titleFormat: 'A replica started',
          },
        ],
      },
      panels: laidOut(),
    },
    null,
    2,
  )}\n`;
