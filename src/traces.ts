// Node loads this file before the application, which does not know about it: node --import /app/dist/traces.js
// dist/main.js. Without the flag, nothing of OpenTelemetry's SDK is loaded.
import { oneLine } from './platform/errors/one-line.js';
import { startTraces } from './platform/traces/start-traces.js';

try {
  startTraces(process.env);
} catch (error) {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(1);
}
