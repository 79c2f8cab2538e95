// The door to Prometheus. A module declares `makeCounterProvider({ name, help, labelNames })` among its providers and
// injects it with `@InjectMetric(name) counter: Counter`. Names are part of the contract with dashboards and alerts.
export { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
export { Counter } from 'prom-client';
