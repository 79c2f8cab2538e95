import type { Metric, MetricObjectWithValues, MetricValue } from 'prom-client';

export type Sample = MetricValue<string> & { metricName?: string };

/** Histograms store the common labels of their samples separately, and the registry reads them by another method. */
type RawSample = Sample & { sharedLabels?: Sample['labels'] };
type ReadSamples = () => Promise<MetricObjectWithValues<RawSample>>;
type Readable = Metric & { getForPromString?: ReadSamples };

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
 * Adds counts that are kept elsewhere as plain numbers to a metric. `read` is called at every scrape; its samples are
 * added to those of the metric with the same labels.
 */
export function addSamples(metric: Metric, read: () => Sample[]): void {
  const readable = metric as Readable;
  const own = (readable.getForPromString ?? readable.get).bind(readable);
  const merged: ReadSamples = async () => {
    const object = await own();
    return { ...object, values: sum(object.values.map(whole), read()) };
  };
  readable.get = merged;
  if (readable.getForPromString !== undefined) readable.getForPromString = merged;
}
