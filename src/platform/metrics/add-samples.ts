import type { Metric, MetricObjectWithValues, MetricValue } from 'prom-client';

export type Sample = MetricValue<string> & { metricName?: string };

/** Histograms keep apart what their samples have in common, and the registry asks them by another method. */
type RawSample = Sample & { sharedLabels?: Sample['labels'] };
type Read = () => Promise<MetricObjectWithValues<RawSample>>;
type Readable = Metric & { getForPromString?: Read };

const whole = ({ sharedLabels, ...sample }: RawSample): Sample => ({
  ...sample,
  labels: { ...sample.labels, ...sharedLabels },
});

const sameLabels = (a: Sample, b: Sample): boolean =>
  a.metricName === b.metricName &&
  Object.keys(a.labels).length === Object.keys(b.labels).length &&
  Object.entries(a.labels).every(([name, value]) => b.labels[name] === value);

function sum(values: Sample[], added: readonly Sample[]): Sample[] {
  for (const sample of added) {
    const index = values.findIndex((value) => sameLabels(value, sample));
    if (index === -1) values.push(sample);
    else values[index] = { ...values[index]!, value: values[index]!.value + sample.value };
  }
  return values;
}

/**
 * Adds to a metric what is counted elsewhere as plain numbers: `read` is called at every scrape, and its samples are
 * summed with those of the metric that have the same labels.
 */
export function addSamples(metric: Metric, read: () => Sample[]): void {
  const readable = metric as Readable;
  const own = (readable.getForPromString ?? readable.get).bind(readable);
  const merged: Read = async () => {
    const object = await own();
    return { ...object, values: sum(object.values.map(whole), read()) };
  };
  readable.get = merged;
  if (readable.getForPromString !== undefined) readable.getForPromString = merged;
}
