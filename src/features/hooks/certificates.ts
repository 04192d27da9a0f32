import { X509Certificate } from 'node:crypto';

/** A certificate that a hook trusts, for people. */
export interface TrustedCertificate {
  readonly subject: string;
  readonly validUntil: Date;
}

/** What is wrong with a text that should be certificates. */
export type CertificateProblem = 'none' | 'private-key' | 'unreadable';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** The certificates of a PEM text; throws where one cannot be read. */
export const certificatesIn = (pem: string): readonly TrustedCertificate[] =>
  (pem.match(BLOCK) ?? []).map((block) => {
    const { subject, validTo } = new X509Certificate(block);
    return {
      subject: subject.split('\n').join(', '),
      validUntil: new Date(validTo),
    };
  });

/** Undefined where the text is nothing but certificates. */
export function certificateProblem(pem: string): CertificateProblem | undefined {
  if (PRIVATE_KEY.test(pem)) return 'private-key';
  if (pem.replaceAll(BLOCK, '').includes('-----BEGIN')) return 'unreadable';
  try {
    return certificatesIn(pem).length === 0 ? 'none' : undefined;
  } catch {
    return 'unreadable';
  }
}
