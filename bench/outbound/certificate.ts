import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Certificate {
  readonly keyFile: string;
  readonly certificateFile: string;
}

/**
 * A certificate for `localhost` in `folder`, valid for the duration of the benchmark.
 * @throws a one-line error that says how to get openssl
 */
export function makeCertificate(folder: string): Certificate {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', keyFile, '-out', certificateFile];
  const made = spawnSync('openssl', ['req', '-x509', ...kind, ...name, ...files], { encoding: 'utf8' });
  if (made.status !== 0)
    throw new Error('The benchmark needs openssl on PATH (Debian and Ubuntu: apt-get install openssl)');
  return { keyFile, certificateFile };
}
