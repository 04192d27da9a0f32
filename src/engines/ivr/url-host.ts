import { fillIn } from './templates.js';

/** The server's name in an address whose variables are not known yet, in lower case; '' where there is none. */
export function hostOf(url: string): string {
  const filled = fillIn(url, () => '0');
  return /^https?:\/\/[^/?#\s]/i.test(filled) && URL.canParse(filled)
    ? new URL(filled).hostname
    : '';
}

/** Names of the servers that steps ask or tell, each once. */
export const hostsOf = (steps: readonly { readonly kind: string; readonly url?: string }[]) => [
  ...new Set(steps.map(({ url = '' }) => hostOf(url)).filter((host) => host !== '')),
];
