import { Gauge, register } from 'prom-client';

/** Label values, comma-free, → value. A gauge without labels has the one key ''. */
type Reading = Readonly<Record<string, number>>;

interface ObservedGauge {
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  /** What all processes that share a port have of it together: the sum unless said. */
  readonly aggregator?: 'sum' | 'min' | 'max' | 'average';
  /** Called at every scrape. */
  readonly read: () => Reading;
}

/** A gauge that is read when Prometheus scrapes. An earlier one of the same name, of an application stopped since, is replaced. */
export function registerObservedGauge({ name, help, label, aggregator = 'sum', read }: ObservedGauge): void {
  register.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    aggregator,
    labelNames: label === undefined ? [] : [label],
    collect() {
      for (const [value, reading] of Object.entries(read())) {
        this.set(label === undefined ? {} : { [label]: value }, reading);
      }
    },
  });
}
