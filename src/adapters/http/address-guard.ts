import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isAddressOrNetwork } from '../../kernel/addresses.js';

/** Networks that are not the public Internet: this machine, its neighbours, and what no server has (RFC 6890). */
const NOT_PUBLIC: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // The machine itself, and IPv4 addresses written as IPv6 ones (::a.b.c.d).
  ['::', 96],
  // NAT64 with prefixes of the network's own, and Teredo: both carry IPv4 addresses.
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
/** IPv6 forms that carry an IPv4 address which counts instead: mapped, NAT64, 6to4. */
const CARRIES_IPV4 = /^(?:::ffff:|64:ff9b::)/i;
const SIX_TO_FOUR = /^2002:/i;

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks.filter(isAddressOrNetwork)) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

const notPublic = listOf(NOT_PUBLIC.map(([network, bits]) => `${network}/${String(bits)}`));

/** The networks that this machine's own cards are in, also public ones. */
const ownNetworks = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((cards) =>
    (cards ?? []).flatMap((card) => (card.cidr === null ? [] : [card.cidr])),
  );

/**
 * Whether a program of the company may be asked at an address. This machine, its neighbours and its own network are refused
 * unless `allowed` names them: an address typed into a form must not reach what only this machine can reach.
 */
export function mayConnect(address: string, allowed: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  if (listOf(allowed).check(address, familyOf(address))) return true;
  if (CARRIES_IPV4.test(address) || SIX_TO_FOUR.test(address)) return false;
  const family = familyOf(address);
  return !notPublic.check(address, family) && !listOf(ownNetworks()).check(address, family);
}
