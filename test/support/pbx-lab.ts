import { readFileSync } from 'node:fs';
import { AsteriskAri } from '../../src/adapters/asterisk-ari/asterisk-ari.js';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { parseEnvironmentFile } from '../../src/config.js';
import { newChannelId, newId, newPlaybackId, type ChannelId } from '../../src/kernel/ids.js';
import { Scope } from '../../src/kernel/scope.js';
import { AriError } from '../../src/telephony/ari/port.js';
import { CODECS, trunkObjects } from '../../src/telephony/ari/provisioning.js';
import type { ConformanceLab, FarCaller } from './ari-conformance.js';

/** The test platform's `cordboard.env` (`scripts/platform up`); `CB_VAR` names the instance. */
export function platformEnvironment(): (name: string) => string {
  const file = `${process.env['CB_VAR'] ?? 'var/test'}/cordboard.env`;
  const values = parseEnvironmentFile(readFileSync(file, 'utf8'));
  return (name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file} does not set ${name}`);
    return value;
  };
}

/** Our side of the pbx, as the program has it. Not started. */
export function pbxAri(
  options: { app?: string; url?: string; timeoutMs?: number } = {},
): AsteriskAri {
  const env = platformEnvironment();
  return new AsteriskAri({
    url: options.url ?? env('CB_ARI_URL'),
    user: env('CB_ARI_USER'),
    password: env('CB_ARI_PASSWORD'),
    app: options.app ?? env('CB_ARI_APP'),
    node: 'pbx-1',
    logger: makeLogger('silent'),
    ...(options.timeoutMs === undefined ? {} : { commandTimeoutMs: options.timeoutMs }),
  });
}

/** The carrier, taken by the test: callers and far ends are its channels. */
export function carrierAri(app: string): AsteriskAri {
  const env = platformEnvironment();
  return new AsteriskAri({
    url: env('CB_CARRIER_ARI_URL'),
    user: env('CB_CARRIER_ARI_USER'),
    password: env('CB_CARRIER_ARI_PASSWORD'),
    app,
    node: 'carrier',
    logger: makeLogger('silent'),
  });
}

/** Starts it and waits for its connection. */
export async function connected(ari: AsteriskAri): Promise<AsteriskAri> {
  const up = connection(ari, 'up');
  ari.start();
  await within(up, 10_000);
  return ari;
}

/** The next connection event of that type. */
export function connection(ari: AsteriskAri, type: 'up' | 'down' | 'replaced'): Promise<void> {
  return new Promise((resolve) => {
    ari.events.onConnection((event) => {
      if (event.type === type) resolve();
    });
  });
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing within ${String(limitMs)} ms`));
    }, limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `holds` answers true. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  limitMs = 10_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not true within ${String(limitMs)} ms`);
    await pause(50);
  }
}

/** The trunk by which calls of these tests come and go. */
const TRUNK_ID = 9001;

/** Pushes the trunk to the carrier; resolves when it can be called. */
export async function pushTrunk(ari: AsteriskAri): Promise<void> {
  const env = platformEnvironment();
  for (const { type, id, fields } of trunkObjects({
    id: TRUNK_ID,
    host: '127.0.0.1',
    port: Number(env('CB_CARRIER_SIP_PORT')),
    transport: 'udp',
    username: '',
    password: '',
    registration: false,
    addresses: [],
    codecs: CODECS,
  }))
    await ari.admin.putObject(type, id, fields);
}

export async function removeTrunk(ari: AsteriskAri): Promise<void> {
  const env = platformEnvironment();
  const name = `trunk-${String(TRUNK_ID)}`;
  await ari.admin.deleteObject('identify', `${name}-127.0.0.1_${env('CB_CARRIER_SIP_PORT')}`);
  await ari.admin.deleteObject('endpoint', name);
  await ari.admin.deleteObject('aor', name);
}

/** A number at the carrier, which behaves by its last two digits. */
export const carrierNumber = (lastDigits: string): string =>
  `PJSIP/+4420794600${lastDigits}@trunk-${String(TRUNK_ID)}`;

/** A caller of the carrier's who calls in over the trunk. */
export async function callIn(
  ari: AsteriskAri,
  carrier: AsteriskAri,
  callerNumber = '+442079460123',
  callerName = '',
): Promise<FarCaller> {
  const number = `+4420${newId().replaceAll(/\D/g, '').slice(-8).padStart(8, '1')}`;
  const arrived = new Promise<FarCaller['arrival']>((resolve) => {
    ari.events.onArrival((event) => {
      if (event.args[1] === number) resolve(event);
    });
  });
  const far = newChannelId('outside');
  // The far channel enters the carrier's application when we answer.
  const entered = new Promise<void>((resolve) => {
    carrier.events.onArrival(({ channel }) => {
      if (channel === far) resolve();
    });
  });
  await carrier.originate({
    channel: far,
    endpoint: `PJSIP/${number}@pbx`,
    appArgs: ['caller'],
    callerNumber,
    callerName,
    timeoutMs: 120_000,
  });
  const arrival = await within(arrived, 5000);
  return { channel: arrival.channel, arrival, ...farEnd(carrier, far, entered) };
}

function farEnd(
  carrier: AsteriskAri,
  far: ChannelId,
  entered: Promise<void>,
): Pick<FarCaller, 'press' | 'speak' | 'hangUp'> {
  return {
    press: async (digits) => {
      await within(entered, 5000);
      await carrier.sendDtmf(far, digits);
    },
    speak: async (ms) => {
      await within(entered, 5000);
      const tone = newPlaybackId();
      await carrier.play(far, tone, ['tone:1000']);
      setTimeout(() => {
        carrier.stopPlayback(tone).catch((error: unknown) => {
          if (!(error instanceof AriError)) throw error;
        });
      }, ms);
    },
    hangUp: () => carrier.hangup(far),
  };
}

/** A real Asterisk for the conformance suite. */
export async function openPbxLab(): Promise<ConformanceLab> {
  const ari = await connected(pbxAri());
  const carrier = await connected(carrierAri(`conformance-${newId()}`));
  await pushTrunk(ari);
  const left = async (): Promise<readonly string[]> => [
    ...(await ari.listChannels()).map(({ name }) => `channel ${name}`),
    ...(await ari.listBridges()).map(({ id }) => `bridge ${id}`),
    ...(ari.events.channels > 0 ? [`inboxes of ${String(ari.events.channels)} channels`] : []),
  ];
  return {
    ari,
    endpoints: {
      answers: carrierNumber('00'),
      busy: carrierNumber('01'),
      rings: carrierNumber('02'),
      declines: carrierNumber('08'),
      unreachable: 'PJSIP/unknown',
    },
    sounds: { short: 'sound:beep', long: 'sound:demo-congrats', missing: 'sound:not-there' },
    until: (promise, limitMs = 30_000) => within(promise, limitMs),
    pass: pause,
    arrive: (callerNumber, callerName) => callIn(ari, carrier, callerNumber, callerName),
    leftovers: async () => {
      await eventually(async () => (await left()).length === 0, 3000).catch(() => undefined);
      return await left();
    },
    close: async () => {
      await removeTrunk(ari);
      await ari.close();
      await carrier.close();
    },
  };
}

/** Runs a body in a scope that ends with it. */
export const scoped = <T>(body: (scope: Scope) => Promise<T>): Promise<T> =>
  Scope.run('test', body);
