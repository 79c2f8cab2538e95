import { Gauge, register } from 'prom-client';

/** Values by label values, which are separated by commas. A gauge without labels has the one key ''. */
type GaugeValues = Readonly<Record<string, number>>;

interface ObservedGauge {
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  /** How the values of all processes that share a port are combined. Default: the sum. */
  readonly aggregator?: 'sum' | 'min' | 'max' | 'average';
  /** Called at every scrape. */
  readonly read: () => GaugeValues;
}

/**
 * Registers a gauge that is read at every scrape. It replaces a gauge of the same name from an application that has
 * stopped.
 */
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
