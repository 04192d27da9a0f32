import type { Device, DeviceFile, DeviceKey } from './device.js';
import { plain } from './writing.js';

/** Types of line keys as the phones number them. */
const KEY_TYPES = { line: 15, phone: 16, watch: 16, dial: 13 } as const;
const HEADER = '#!version:1.0.0.1';

type Line = readonly [name: string, value: string | number];

/** `<mac>.cfg` of Yealink T4x and T5x: a name and a value a line; the first line must stay as it is. */
export const yealinkFile = (device: Device): DeviceFile =>
  fileOf([
    ...device.lines.flatMap((_, at) => account(device, at)),
    ...keys(device),
    ...site(device),
    ['static.security.user_password', `admin:${device.adminPassword}`],
    ['features.remote_phonebook.enable', 1],
    ['remote_phonebook.data.1.url', `${device.address}phonebook.xml`],
    ['remote_phonebook.data.1.name', 'Cordboard'],
    ['static.auto_provision.server.url', device.address],
    ['static.auto_provision.repeat.enable', 1],
    ['static.auto_provision.repeat.minutes', device.refreshMinutes],
    ...device.extra.map(({ name, value }): Line => [name, value]),
  ]);

/** `y0000....cfg`, which every phone of a model asks for: what is the same for all of them. */
export const yealinkCommonFile = (device: Device): DeviceFile => fileOf(site(device));

const fileOf = (lines: readonly Line[]): DeviceFile => ({
  contentType: 'text/plain; charset=utf-8',
  text: [HEADER, ...lines.map(([name, value]) => `${name} = ${plain(String(value))}`), ''].join(
    '\n',
  ),
});

function account(device: Device, at: number): readonly Line[] {
  const line = device.lines[at];
  if (line === undefined) return [];
  const key = `account.${String(at + 1)}`;
  const [first, second] = device.codecs === 'alaw' ? ['pcma', 'pcmu'] : ['pcmu', 'pcma'];
  return [
    [`${key}.enable`, 1],
    [`${key}.label`, line.number],
    [`${key}.display_name`, line.name],
    [`${key}.user_name`, line.number],
    [`${key}.auth_name`, line.number],
    [`${key}.password`, line.password],
    [`${key}.sip_server.1.address`, device.server.host],
    [`${key}.sip_server.1.port`, device.server.port],
    [`${key}.sip_server.1.expires`, 300],
    [`${key}.subscribe_mwi`, 1],
    [`${key}.codec.${first}.enable`, 1],
    [`${key}.codec.${first}.priority`, 1],
    [`${key}.codec.${second}.enable`, 1],
    [`${key}.codec.${second}.priority`, 2],
    [`voice_mail.number.${String(at + 1)}`, device.voicemailCode],
  ];
}

/** The lines have the first keys. */
const keys = (device: Device): readonly Line[] => [
  ...device.lines.flatMap((line, at) => keyLines(at + 1, KEY_TYPES.line, at + 1, '', line.number)),
  ...device.keys.flatMap((key, at) => {
    const number = device.lines.length + at + 1;
    const lines = keyLines(number, KEY_TYPES[key.kind], 1, key.number, key.label);
    const pickup = pickupOf(device, key);
    return pickup === ''
      ? lines
      : [...lines, [`linekey.${String(number)}.extension`, pickup] as const];
  }),
];

const keyLines = (
  key: number,
  type: number,
  line: number,
  value: string,
  label: string,
): readonly Line[] => [
  [`linekey.${String(key)}.type`, type],
  [`linekey.${String(key)}.line`, line],
  [`linekey.${String(key)}.value`, value],
  [`linekey.${String(key)}.label`, label],
];

/** A key that watches a ringing phone takes its call. */
const pickupOf = ({ pickupCode }: Device, { kind, number }: DeviceKey): string =>
  kind === 'phone' && pickupCode !== '' ? pickupCode + number : '';

function site({ language, zone, ntp }: Device): readonly Line[] {
  const hours = zone.standardMinutes / 60;
  const offset = `${hours < 0 ? '-' : '+'}${clock(Math.abs(zone.standardMinutes))}`;
  const { summer } = zone;
  return [
    ['lang.gui', language === 'zh-CN' ? 'Chinese_S' : 'English'],
    ['lang.wui', language === 'zh-CN' ? 'Chinese_S' : 'English'],
    ['local_time.ntp_server1', ntp],
    ['local_time.time_zone', offset],
    ...(summer === undefined
      ? ([['local_time.summer_time', 0]] as const)
      : ([
          ['local_time.summer_time', 1],
          ['local_time.dst_time_type', 1],
          ['local_time.offset_time', summer.savedMinutes],
          ['local_time.start_time', changeText(summer.start)],
          ['local_time.end_time', changeText(summer.end)],
        ] as const)),
  ];
}

/** `8`, `5:30`. */
const clock = (minutes: number): string =>
  minutes % 60 === 0
    ? String(minutes / 60)
    : `${String(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}`;

/** Month, week of it (5 is the last), day of the week (1 is Monday), hour. */
const changeText = (change: {
  readonly month: number;
  readonly week: number;
  readonly weekday: number;
  readonly hour: number;
}): string =>
  [change.month, change.week, change.weekday === 0 ? 7 : change.weekday, change.hour].join('/');
