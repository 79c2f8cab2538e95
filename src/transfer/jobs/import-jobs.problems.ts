import { Problem } from '../../platform/errors/problem.js';

export class ImportNotFound extends Problem {
  constructor(id: number) {
    super({ code: 'import.not_found', detail: `No import has the id ${id}.` });
  }
}

export class TooManyImports extends Problem {
  constructor(max: number) {
    super({
      code: 'import.too_many',
      detail: `${max} imports are waiting or running. Wait for one to end, or cancel one.`,
    });
  }
}

export class UploadTooLarge extends Problem {
  constructor(maxBytes: number) {
    super({
      code: 'request.too_large',
      detail: `A file to import may have ${maxBytes / 1024 ** 2} MiB. Leave out pictures, or use inkwell import.`,
    });
  }
}

export class UploadEmpty extends Problem {
  constructor() {
    super({ code: 'import.no_file' });
  }
}
