import { explore } from './exploration.js';
import type { Limits, Protection } from './limits.js';

/** The argument is the exploration to run, as JSON. The result is printed. */
interface Task {
  readonly limits: Limits;
  readonly without?: Protection;
  readonly start?: readonly string[];
}

const { limits, without, start } = JSON.parse(process.argv[2]!) as Task;
process.stdout.write(JSON.stringify(await explore(limits, without, start)));
