import { Problem } from '../platform/errors/problem.js';

export class SettingFixed extends Problem {
  /** @param names of the settings, as members of the request @param variables of the environment */
  constructor(names: readonly string[], variables: readonly string[]) {
    super({
      code: 'site.fixed',
      detail: `The environment of the server fixes this: ${variables.join(', ')}. Nothing was changed.`,
      errors: names.map((name) => ({ pointer: `/${name}`, detail: 'is fixed by the environment' })),
    });
  }
}

export class SiteVersionMismatch extends Problem {
  /** @param etag of the current settings */
  constructor(etag: string) {
    super({
      code: 'site.version_mismatch',
      detail: `If-Match does not name the settings as they are now: tag ${etag}. Read them again, and repeat the change.`,
      headers: { etag },
    });
  }
}

export class ImageRefused extends Problem {
  constructor(detail: string) {
    super({ code: 'site.image_refused', detail });
  }
}

/** The blog has no such image, or no longer. */
export class ImageNotFound extends Problem {
  constructor(name: string) {
    super({ code: 'page.not_found', detail: `Nothing has the address /blog/assets/${name}.` });
  }
}
