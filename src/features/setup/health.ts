import type { LiveSnapshot } from '../../telephony/live.js';
import type { SipState } from '../../telephony/sip-watch.js';

export type PartState = 'good' | 'watch' | 'down';

/** One part as the page shows it. Texts are keys of the catalog. */
export interface PartHealth {
  /** `health.part.<name>` */
  readonly name: string;
  readonly state: PartState;
  readonly text: string;
  readonly params?: Readonly<Record<string, string | number>>;
  /** What to do, where something is to be done. */
  readonly advice?: string;
}

/** Looks at one part. May reject or hang: the reader limits both. */
export interface Probe {
  readonly name: string;
  look(): Promise<PartHealth>;
}

/** A probe that has not answered by then counts as down. */
const PROBE_LIMIT_MS = 3_000;

/** Looks at all parts at once. */
export const readParts = (probes: readonly Probe[]): Promise<readonly PartHealth[]> =>
  Promise.all(probes.map(lookInTime));

async function lookInTime(probe: Probe): Promise<PartHealth> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<PartHealth>((resolve) => {
    timer = setTimeout(resolve, PROBE_LIMIT_MS, isDown(probe.name));
  });
  try {
    return await Promise.race([probe.look(), limit]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...isDown(probe.name), params: { reason } };
  } finally {
    clearTimeout(timer);
  }
}

const isDown = (name: string): PartHealth => ({
  name,
  state: 'down',
  text: 'health.no-answer',
  advice: `health.${name}.advice`,
});

/** Free space on the disk that holds recordings and prompts. */
export function diskHealth(freeBytes: number, totalBytes: number): PartHealth {
  const share = totalBytes === 0 ? 0 : freeBytes / totalBytes;
  const state = share < 0.03 ? 'down' : share < 0.1 ? 'watch' : 'good';
  return {
    name: 'disk',
    state,
    text: 'health.disk.text',
    params: { free: Math.floor(freeBytes / 1e9), percent: Math.round(share * 100) },
    ...(state === 'good' ? {} : { advice: 'health.disk.advice' }),
  };
}

/** What flows send in the background: on its way, and given up. */
export const webhooksHealth = (waiting: number, lost: number): PartHealth => ({
  name: 'webhooks',
  state: lost === 0 ? 'good' : 'watch',
  text: 'health.webhooks.text',
  params: { waiting, lost },
  ...(lost === 0 ? {} : { advice: 'health.webhooks.lost' }),
});

/** What the process that runs the calls says of itself; undefined where it says nothing. */
export function callsHealth(
  said: Readonly<Record<string, unknown>> | undefined,
): readonly PartHealth[] {
  if (!said)
    return [
      { name: 'calls', state: 'down', text: 'health.calls.silent', advice: 'health.calls.advice' },
      { name: 'pbx', state: 'down', text: 'health.pbx.unknown', advice: 'health.calls.advice' },
    ];
  const calls = typeof said['calls'] === 'number' ? said['calls'] : 0;
  const isOnline = said['pbxOnline'] === true;
  return [
    { name: 'calls', state: 'good', text: 'health.calls.text', params: { calls } },
    isOnline
      ? { name: 'pbx', state: 'good', text: 'health.pbx.online' }
      : { name: 'pbx', state: 'down', text: 'health.pbx.offline', advice: 'health.pbx.advice' },
    ...sipHealth(said['sip']),
  ];
}

/** The second copy of the program, where it waits for its turn; most systems have none. */
export const standbyHealth = (said: object | undefined): readonly PartHealth[] =>
  said === undefined ? [] : [{ name: 'standby', state: 'good', text: 'health.standby.text' }];

/** Whether the telephone server answers SIP: it may be dead there while everything else of it goes on. */
function sipHealth(said: unknown): readonly PartHealth[] {
  const sip = typeof said === 'object' && said !== null ? (said as Partial<SipState>) : {};
  if (sip.isAnswering === undefined) return [];
  if (!sip.isAnswering)
    return [{ name: 'sip', state: 'down', text: 'health.sip.silent', advice: 'health.sip.advice' }];
  return sip.answeredInMs === undefined
    ? [{ name: 'sip', state: 'watch', text: 'health.sip.late' }]
    : [{ name: 'sip', state: 'good', text: 'health.sip.text', params: { ms: sip.answeredInMs } }];
}

/** Other telephone systems, where there are any: nothing else leads to the numbers that live there. */
function otherPbxHealth({ trunks }: LiveSnapshot): readonly PartHealth[] {
  const others = trunks.filter((trunk) => trunk.isPbx === true);
  if (others.length === 0) return [];
  const away = others.filter((trunk) => !trunk.online).map(({ name }) => name);
  const part = { name: 'other-pbx', params: { count: others.length, names: away.join(', ') } };
  return away.length === 0
    ? [{ ...part, state: 'good', text: 'health.other-pbx.text' }]
    : [
        {
          ...part,
          state: 'down',
          text: 'health.other-pbx.away',
          advice: 'health.other-pbx.advice',
        },
      ];
}

/** Trunks and phones as the telephone server sees them now. */
export function lineHealth(snapshot: LiveSnapshot | undefined): readonly PartHealth[] {
  if (!snapshot) return [];
  const { extensions } = snapshot;
  const trunks = snapshot.trunks.filter((trunk) => trunk.isPbx !== true);
  const online = trunks.filter((trunk) => trunk.online).length;
  const registered = extensions.filter((extension) => extension.registered).length;
  return [
    {
      name: 'trunks',
      state: online === trunks.length && online > 0 ? 'good' : online > 0 ? 'watch' : 'down',
      text: 'health.trunks.text',
      params: { online, count: trunks.length },
      ...(online === trunks.length && online > 0 ? {} : { advice: 'health.trunks.advice' }),
    },
    ...otherPbxHealth(snapshot),
    {
      name: 'phones',
      state: registered > 0 ? 'good' : 'watch',
      text: 'health.phones.text',
      params: { registered, count: extensions.length },
      ...(registered > 0 ? {} : { advice: 'health.phones.advice' }),
    },
  ];
}
