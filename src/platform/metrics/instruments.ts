// The only import of prom-client for features. A module declares `makeCounterProvider({ name, help, labelNames })`
// among its providers and injects the counter with `@InjectMetric(name) counter: Counter`. Dashboards and alerts depend
// on the names.
export { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
export { Counter } from 'prom-client';
