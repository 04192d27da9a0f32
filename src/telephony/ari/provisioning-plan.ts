import type { PjsipType } from './port.js';
import { OUR_MARK, type PjsipObject } from './provisioning.js';

export type Fields = Readonly<Record<string, string>>;
/** `endpoint/2001` */
export type ObjectKey = `${PjsipType}/${string}`;

export const keyOf = ({ type, id }: Pick<PjsipObject, 'type' | 'id'>): ObjectKey => `${type}/${id}`;
export const partsOf = (key: ObjectKey): Pick<PjsipObject, 'type' | 'id'> => {
  const slash = key.indexOf('/');
  return { type: key.slice(0, slash) as PjsipType, id: key.slice(slash + 1) };
};

/** What an object needs must be there before it, and goes after it. Types of one group do not need each other. */
const PUT_ORDER: readonly (readonly PjsipType[])[] = [
  ['auth', 'aor'],
  ['endpoint'],
  ['identify', 'registration'],
];

/** What a node must be told. Groups run one after the other; what is inside a group may run at the same time. */
export interface ProvisioningPlan {
  readonly deletes: readonly (readonly ObjectKey[])[];
  readonly puts: readonly (readonly PjsipObject[])[];
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** What a node has, as far as it was pushed: never what comes from its files. */
export interface NodeObjects {
  readonly objects: ReadonlyMap<ObjectKey, Fields>;
  /** All endpoints, also those from files. */
  readonly endpoints: ReadonlySet<string>;
}

/** Decides what to delete and to push so that the node has what is wanted, and keeps what is not ours. */
export function planProvisioning(
  desired: readonly PjsipObject[],
  node: NodeObjects,
): ProvisioningPlan {
  const wanted = new Map(desired.map((object) => [keyOf(object), object]));
  const added = new Set<ObjectKey>();
  const changed = new Set<ObjectKey>();
  for (const [key, object] of wanted) {
    const stored = node.objects.get(key);
    if (stored === undefined) added.add(key);
    else if (!isSame(object, stored)) changed.add(key);
  }
  const removed = [...node.objects.keys()].filter((key) => !wanted.has(key) && isOurs(key, node));
  const renewed = desired
    .filter((object) => !added.has(keyOf(object)) && mustBeRenewed(object, changed))
    .map(keyOf);
  for (const key of renewed) changed.add(key);
  const doomed = new Set<ObjectKey>([...removed, ...renewed]);
  const puts = desired.filter((object) => added.has(keyOf(object)) || changed.has(keyOf(object)));
  return {
    deletes: [...PUT_ORDER]
      .reverse()
      .map((types) => [...doomed].filter((key) => types.includes(partsOf(key).type)))
      .filter((group) => group.length > 0),
    puts: PUT_ORDER.map((types) => puts.filter(({ type }) => types.includes(type))).filter(
      (group) => group.length > 0,
    ),
    added: added.size,
    changed: changed.size,
    removed: removed.length,
    unchanged: wanted.size - added.size - changed.size,
  };
}

/**
 * True for what has to be deleted before it is pushed: a trunk's aor keeps its old contact beside the new one, and a
 * registration goes on with the login that it began with.
 */
function mustBeRenewed(object: PjsipObject, changed: ReadonlySet<ObjectKey>): boolean {
  const { type, fields } = object;
  if (type === 'aor') return fields['contact'] !== undefined && changed.has(keyOf(object));
  return type === 'registration' && changed.has(`auth/${fields['outbound_auth'] ?? ''}`);
}

/**
 * True for what this product pushed, also when it forgot that it did. Endpoints carry our mark; what belongs to an
 * endpoint is ours when that is. What belongs to no endpoint at all is a remainder of ours where it has a name of ours.
 */
export function isOurs(key: ObjectKey, node: NodeObjects): boolean {
  const { type, id } = partsOf(key);
  const fields = node.objects.get(key) ?? {};
  const endpoint = type === 'identify' || type === 'registration' ? (fields['endpoint'] ?? '') : id;
  const pushed = node.objects.get(`endpoint/${endpoint}`);
  if (pushed !== undefined) return pushed['sdp_session'] === OUR_MARK;
  return !node.endpoints.has(endpoint) && /^(\d{1,10}|trunk-\d+)$/.test(endpoint);
}

/** True when the node has every wanted field, however it writes it. */
export function isSame(object: PjsipObject, stored: Fields): boolean {
  return Object.entries(object.fields).every(([field, value]) => {
    const has = stored[field];
    return has !== undefined && isSameValue(field, value, has);
  });
}

function isSameValue(field: string, wanted: string, has: string): boolean {
  if (wanted === has) return true;
  if (field === 'allow') return codecs(wanted) === codecs(has);
  // A host name was resolved when it was pushed; the object's id is made from it, so that it is the same one.
  if (field === 'match') return network(wanted) === undefined || network(wanted) === network(has);
  return (TRUTH[wanted] ?? wanted) === (TRUTH[has] ?? has);
}

/** How Asterisk reads and writes a boolean. */
const TRUTH: Readonly<Record<string, string>> = { yes: 'true', no: 'false' };

/** `!all,g722,alaw` and `(g722|alaw)` are the same list. */
const codecs = (list: string): string =>
  list
    .replaceAll(/[()]/g, '')
    .split(/[,|]/)
    .filter((codec) => codec !== '!all')
    .join();

/** `10.0.0.0/24`, `10.0.0.0/255.255.255.0`, `10.1.0.5:5060`: one form; undefined for what is no address. */
function network(match: string): string | undefined {
  const [address = '', mask] = match.split('/');
  if (!/^[\d.:[\]a-fA-F]+$/.test(address) || !/\d/.test(address)) return undefined;
  return `${address}/${String(prefixLength(mask, address))}`;
}

function prefixLength(mask: string | undefined, address: string): number {
  const whole = /^\d+\.\d+\.\d+\.\d+/.test(address) ? 32 : 128;
  if (mask === undefined) return whole;
  if (/^\d+$/.test(mask)) return Number(mask);
  const bits = mask.includes(':')
    ? mask.split(':').map((group) => [Number.parseInt(group || '0', 16), 16] as const)
    : mask.split('.').map((byte) => [Number(byte), 8] as const);
  return bits
    .map(([value, width]) => value.toString(2).padStart(width, '0'))
    .join('')
    .replace(/0+$/, '').length;
}
