// A CommonJS package that requires Nest, TypeORM or RxJS fails with a cycle unless these are loaded first.
await import('reflect-metadata');
await import('@nestjs/common');
await import('@nestjs/core');
await import('typeorm');
await import('rxjs');
