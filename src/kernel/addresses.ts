import { isIP } from 'node:net';

/** True for an address, or a network as `10.1.2.0/24`, that an allow-list can name. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  const most = isIP(address) === 6 ? 128 : 32;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most;
}

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)*$/i;

/** A host name, or an IPv4 or IPv6 address without brackets. An all-digit last label would be a mistyped address. */
export const isHost = (text: string): boolean =>
  isIP(text) !== 0 || (HOST_NAME.test(text) && !/(?:^|\.)\d+$/.test(text));

/** An address of a server that is asked over HTTP, without a name or password in it. */
export function isHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.password === ''
  );
}
