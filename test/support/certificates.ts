import { execFile } from 'node:child_process';
import { readFile, rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerIdentity } from './hook-server.js';

const run = promisify(execFile);

/** Certificates of a company's own, made with openssl and forgotten at the end. */
export interface Certificates {
  /** In PEM. */
  readonly authority: string;
  /** Signed by the authority for these names (`DNS:shop.example`, `IP:127.0.0.1`); not valid any more where `isExpired`. */
  signed(names: string, isExpired?: boolean): Promise<ServerIdentity>;
  selfSigned(names: string): Promise<ServerIdentity>;
  forget(): Promise<void>;
}

/** Makes an authority; openssl takes some milliseconds for each key of an elliptic curve. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-tls-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]) => run('openssl', [...args]);
  const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  let count = 0;
  const identity = async (name: string): Promise<ServerIdentity> => ({
    key: await readFile(at(`${name}.key`), 'utf8'),
    cert: await readFile(at(`${name}.pem`), 'utf8'),
  });
  await openssl(
    ...['req', '-x509', ...NEW_KEY, '-keyout', at('ca.key'), '-out', at('ca.pem')],
    ...['-subj', '/O=Harbour Bicycles/CN=Own authority', '-days', '30'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign'],
  );
  // Only `openssl ca` gives a certificate dates that are over.
  await writeFile(at('index.txt'), '');
  await writeFile(
    at('ca.cnf'),
    [
      ...['[ca]', 'default_ca = own', '[own]', `database = ${at('index.txt')}`, 'policy = any'],
      ...[`new_certs_dir = ${folder}`, `certificate = ${at('ca.pem')}`, 'rand_serial = yes'],
      ...[`private_key = ${at('ca.key')}`, 'default_md = sha256', '[any]', 'commonName = supplied'],
    ].join('\n'),
  );
  return {
    authority: await readFile(at('ca.pem'), 'utf8'),
    signed: async (names, isExpired = false) => {
      const name = `server-${String(++count)}`;
      await openssl(
        ...['req', '-new', ...NEW_KEY, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)],
        ...['-subj', '/CN=server'],
      );
      await writeFile(at(`${name}.ext`), `subjectAltName=${names}\n`);
      const files = ['-in', at(`${name}.csr`), '-out', at(`${name}.pem`)];
      const extensions = ['-extfile', at(`${name}.ext`)];
      if (isExpired)
        await openssl(
          ...['ca', '-batch', '-notext', '-config', at('ca.cnf'), ...files, ...extensions],
          ...['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'],
        );
      else
        await openssl(
          ...['x509', '-req', ...files, ...extensions, '-days', '30'],
          ...['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
        );
      return identity(name);
    },
    selfSigned: async (names) => {
      const name = `self-${String(++count)}`;
      await openssl(
        ...['req', '-x509', ...NEW_KEY, '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)],
        ...['-subj', '/CN=self', '-days', '30', '-addext', `subjectAltName=${names}`],
      );
      return identity(name);
    },
    forget: () => rm(folder, { recursive: true, force: true }),
  };
}
