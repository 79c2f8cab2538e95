// As load-esm-first.js, for what is tested without an application: the half that unit tests need, in half of the time.
await import('reflect-metadata');
await import('@nestjs/common');
