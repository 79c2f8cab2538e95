// Bundles what browsers run in the Studio (src/studio/client) into dist/studio/assets/files: names by content, so that they can
// be cached for ever, each also compressed. manifest.json tells the server what a page loads.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const FOLDER = 'dist/studio/assets/files';
const ENTRIES = ['editor', 'sign-out'];

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });

const { metafile } = await build({
  entryPoints: ENTRIES.map((name) => `src/studio/client/${name}.ts`),
  outdir: FOLDER,
  bundle: true,
  format: 'esm',
  splitting: true,
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  metafile: true,
  logLevel: 'error',
});

/** The script and everything that it imports at once, so not what it loads on demand. */
function loadedAtOnce(output, found = new Set()) {
  if (found.has(output)) return found;
  found.add(output);
  for (const { path, kind } of metafile.outputs[output].imports)
    if (kind === 'import-statement') loadedAtOnce(path, found);
  return found;
}

const manifest = {};
for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
  const text = readFileSync(output);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${output}.br`, brotliCompressSync(text, { params }));
  writeFileSync(`${output}.gz`, gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
  const name = ENTRIES.find((each) => entryPoint === `src/studio/client/${each}.ts`);
  if (name !== undefined)
    manifest[name] = { scripts: [...loadedAtOnce(output)].map((path) => basename(path)) };
}
writeFileSync(join(FOLDER, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
