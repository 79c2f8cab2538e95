import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Records every file that is imported or required from then on. */
const OBSERVER = (list: string): string => `
import { registerHooks } from 'node:module';
import { appendFileSync } from 'node:fs';
registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) appendFileSync(${JSON.stringify(list)}, url + '\\n');
    return nextLoad(url, context);
  },
});
`;

/** The modules that a process with `nodeOptions` loads. */
export class LoadedModules {
  private readonly folder = mkdtempSync(join(tmpdir(), 'inkwell-loaded-'));
  private readonly list = join(this.folder, 'loaded.txt');
  readonly nodeOptions: string;

  constructor() {
    const observer = join(this.folder, 'observer.mjs');
    writeFileSync(this.list, '');
    writeFileSync(observer, OBSERVER(this.list));
    this.nodeOptions = `--import ${observer}`;
  }

  /** The packages whose files were loaded. */
  get packages(): Set<string> {
    const urls = readFileSync(this.list, 'utf8').split('\n');
    const names = urls.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]);
    return new Set(names.filter((name) => name !== undefined));
  }

  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
