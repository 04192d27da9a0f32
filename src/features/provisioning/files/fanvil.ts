import type { Device, DeviceFile, DeviceKey } from './device.js';
import { element } from './writing.js';

/** Types of function keys. */
const KEY_TYPES = { line: 2, number: 1 } as const;

/** A setting by its place: sections with slashes between, `line[2]` for the second of its kind. */
type Setting = readonly [path: string, value: string | number];
/** A section by the names within it: another section, or a value. */
type Section = Map<string, Section | string>;

/** `<mac>.cfg` of Fanvil X: elements within sections. A setting that comes again takes the place of the one before. */
export function fanvilFile(device: Device): DeviceFile {
  const root: Section = new Map();
  const settings: readonly Setting[] = [
    ['Version', '2.0000000000'],
    ...device.lines.flatMap((_, at) => line(device, at)),
    ['phone/MenuPassword', device.adminPassword],
    ['phone/display/DefaultLanguage', device.language === 'zh-CN' ? 'cn' : 'en'],
    ...date(device),
    ['phone/xmlContact[1]/Name', 'Cordboard'],
    ['phone/xmlContact[1]/Addr', `${device.address}phonebook.xml`],
    ...lineKeys(device),
    ...keys(device),
    ['web/account[1]/Name', 'admin'],
    ['web/account[1]/Password', device.adminPassword],
    ['web/account[1]/Level', 10],
    ...provisioning(device),
    ...device.extra.map(({ name, value }): Setting => [name, value]),
  ];
  for (const [path, value] of settings) put(root, path.split('/'), String(value));
  const text = ['<?xml version="1.0" encoding="UTF-8"?>', ...written('sysConf', root), ''];
  return { contentType: 'application/xml; charset=utf-8', text: text.join('\n') };
}

function put(section: Section, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    section.set(name, value);
    return;
  }
  const known = section.get(name);
  const inner: Section =
    known === undefined || typeof known === 'string' ? new Map<string, Section | string>() : known;
  section.set(name, inner);
  put(inner, rest, value);
}

function written(name: string, content: Section | string): readonly string[] {
  if (typeof content === 'string') return [element(name, content)];
  const [, plain = name, index] = /^(.+)\[(\d+)\]$/.exec(name) ?? [];
  const head = index === undefined ? plain : `${plain} index="${index}"`;
  return [
    `<${head}>`,
    ...[...content].flatMap(([inner, value]) => written(inner, value)),
    `</${plain}>`,
  ];
}

function line({ lines, server, codecs, voicemailCode }: Device, at: number): readonly Setting[] {
  const one = lines[at];
  if (one === undefined) return [];
  const place = `sip/line[${String(at + 1)}]`;
  return [
    [`${place}/PhoneNumber`, one.number],
    [`${place}/DisplayName`, one.name],
    [`${place}/SipName`, one.number],
    [`${place}/RegisterAddr`, server.host],
    [`${place}/RegisterPort`, server.port],
    [`${place}/RegisterUser`, one.number],
    [`${place}/RegisterPswd`, one.password],
    [`${place}/RegisterTTL`, 300],
    [`${place}/EnableReg`, 1],
    [`${place}/MWINum`, voicemailCode],
    [`${place}/SubscribeMWI`, 1],
    [`${place}/AudioCodecMap`, codecs === 'alaw' ? 'PCMA,PCMU' : 'PCMU,PCMA'],
  ];
}

const lineKeys = ({ lines }: Device): readonly Setting[] =>
  lines.flatMap(({ number }, at) =>
    keyOf(`dsskey/dssSide[1]/Fkey[${String(at + 1)}]`, {
      ...{ type: KEY_TYPES.line, value: `SIP${String(at + 1)}`, title: number },
    }),
  );

const keys = (device: Device): readonly Setting[] =>
  device.keys.flatMap((key, at) =>
    keyOf(`dsskey/internal[1]/Fkey[${String(at + 1)}]`, {
      ...{ type: KEY_TYPES.number, value: keyValue(device, key), title: key.label },
    }),
  );

const keyOf = (
  place: string,
  key: { readonly type: number; readonly value: string; readonly title: string },
): readonly Setting[] => [
  [`${place}/Type`, key.type],
  [`${place}/Value`, key.value],
  [`${place}/Title`, key.title],
];

/** `<number>@<line>/ba<code>`: watched, and a ringing call is taken by the code; `/f` is dialled only. */
function keyValue({ pickupCode }: Device, { kind, number }: DeviceKey): string {
  if (kind === 'dial') return `${number}@1/f`;
  const code = kind === 'phone' && pickupCode !== '' ? pickupCode + number : '';
  return `${number}@1/ba${code}`;
}

function date({ ntp, zone }: Device): readonly Setting[] {
  const { standardMinutes, summer } = zone;
  const base: readonly Setting[] = [
    ['phone/date/EnableSNTP', 1],
    ['phone/date/SNTPServer', ntp],
    // Quarters of an hour from UTC.
    ['phone/date/TimeZone', standardMinutes / 15],
  ];
  if (summer === undefined) return [...base, ['phone/date/EnableDST', 0]];
  const changes = (['Start', 'End'] as const).flatMap((name): readonly Setting[] => {
    const { month, week, weekday, hour } = name === 'Start' ? summer.start : summer.end;
    const place = `phone/date/DST${name}`;
    return [
      [`${place}Mon`, month],
      [`${place}Hour`, hour],
      [`${place}Wday`, weekday],
      [`${place}Week`, week],
      [`${place}Min`, 0],
    ];
  });
  return [
    ...base,
    ['phone/date/EnableDST', 2],
    ['phone/date/DSTFixedType', 2],
    ['phone/date/DSTMinOffset', summer.savedMinutes],
    ...changes,
  ];
}

/** 4 and 5 are HTTP and HTTPS; mode 2: ask again after so many hours. */
const provisioning = ({ address, refreshMinutes }: Device): readonly Setting[] => [
  ['ap/DownloadDeviceConf', 1],
  ['ap/FlashServerIP', address],
  ['ap/FlashFileName', '$mac.cfg'],
  ['ap/FlashProtocol', address.startsWith('https:') ? 5 : 4],
  ['ap/FlashMode', 2],
  ['ap/FlashInterval', Math.max(1, Math.round(refreshMinutes / 60))],
];
