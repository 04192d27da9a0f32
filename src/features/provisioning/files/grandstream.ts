import { posixZone } from '../zone-rule.js';
import type { Device, DeviceFile } from './device.js';
import { element } from './writing.js';

type Value = readonly [name: string, value: string | number];

/** Where the values of an account are: the first has places of its own, the others follow each other by a hundred. */
const FIRST_ACCOUNT = {
  ...{ active: 271, name: 270, server: 47, user: 35, auth: 36, password: 34, shown: 3 },
  ...{ voicemail: 33, codec1: 57, codec2: 58, mwi: 99 },
};
const accountPlaces = (at: number): typeof FIRST_ACCOUNT => {
  if (at === 0) return FIRST_ACCOUNT;
  const base = 300 + at * 100;
  return {
    ...{ active: base + 1, name: base + 17, server: base + 2, user: base + 4, auth: base + 5 },
    ...{ password: base + 6, shown: base + 7, voicemail: base + 26 },
    ...{ codec1: base + 51, codec2: base + 52, mwi: base + 15 },
  };
};
/** RTP payload types. */
const CODECS = { ulaw: 0, alaw: 8 } as const;
/** Modes of virtual multi-purpose keys. */
const KEY_MODES = { line: 0, phone: 11, watch: 11, dial: 10 } as const;
const FIRST_KEY = { mode: 1363, account: 1364, label: 1465, number: 1466 } as const;

/** `cfg<mac>.xml` of Grandstream GXP and GRP: numbered values. */
export function grandstreamFile(device: Device): DeviceFile {
  const values: readonly Value[] = [
    ...device.lines.flatMap((_, at) => account(device, at)),
    ...keys(device),
    ['P2', device.adminPassword],
    ['P1362', device.language === 'zh-CN' ? 'zh' : 'en'],
    ['P30', device.ntp],
    ['P64', 'customize'],
    ['P246', posixZone(device.zone)],
    ...phoneBook(device),
    ...provisioning(device),
    ...device.extra.map(({ name, value }): Value => [name, value]),
  ];
  return {
    contentType: 'application/xml; charset=utf-8',
    text: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<gs_provision version="1">',
      element('mac', device.mac),
      '<config version="1">',
      ...values.map(([name, value]) => element(name, value)),
      '</config>',
      '</gs_provision>',
      '',
    ].join('\n'),
  };
}

function account({ lines, server, codecs, voicemailCode }: Device, at: number): readonly Value[] {
  const line = lines[at];
  if (line === undefined) return [];
  const places = accountPlaces(at);
  const [first, second] =
    codecs === 'alaw' ? (['alaw', 'ulaw'] as const) : (['ulaw', 'alaw'] as const);
  const value = (place: keyof typeof places, text: string | number): Value => [
    `P${String(places[place])}`,
    text,
  ];
  return [
    value('active', 1),
    value('name', line.number),
    value('server', `${server.host}:${String(server.port)}`),
    value('user', line.number),
    value('auth', line.number),
    value('password', line.password),
    value('shown', line.name),
    value('voicemail', voicemailCode),
    value('mwi', 1),
    value('codec1', CODECS[first]),
    value('codec2', CODECS[second]),
  ];
}

/** The lines have the first keys. */
function keys(device: Device): readonly Value[] {
  const set = [
    ...device.lines.map((line, at) => ({
      ...{ mode: KEY_MODES.line, account: at, label: line.number, number: '' },
    })),
    ...device.keys.map(({ kind, number, label }) => ({
      ...{ mode: KEY_MODES[kind], account: 0, label, number },
    })),
  ];
  return set.flatMap((key, at) =>
    (['mode', 'account', 'label', 'number'] as const).map((place): Value => [
      `P${String(FIRST_KEY[place] + 2 * at)}`,
      key[place],
    ]),
  );
}

/** The phone adds the name of the file and, by the mode, the beginning of the address itself. */
const phoneBook = ({ address, refreshMinutes }: Device): readonly Value[] => [
  ['P330', address.startsWith('https:') ? 3 : 1],
  ['P331', withoutScheme(address)],
  ['P332', Math.min(720, Math.max(5, refreshMinutes))],
];

const provisioning = ({ address, refreshMinutes }: Device): readonly Value[] => [
  ['P212', address.startsWith('https:') ? 2 : 1],
  ['P237', withoutScheme(address)],
  ['P194', 1],
  ['P193', refreshMinutes],
];

const withoutScheme = (address: string): string =>
  address.replace(/^https?:\/\//, '').replace(/\/$/, '');
