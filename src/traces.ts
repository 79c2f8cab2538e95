// Loaded by Node before the application, which does not know of it: node --import /app/dist/traces.js dist/main.js.
// Without that flag nothing of OpenTelemetry's SDK is loaded.
import { oneLine } from './platform/errors/one-line.js';
import { startTraces } from './platform/traces/start-traces.js';

try {
  startTraces(process.env);
} catch (error) {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(1);
}
