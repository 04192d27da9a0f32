import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Device } from '../../../src/features/provisioning/files/device.js';
import { readExtraLines } from '../../../src/features/provisioning/files/extra-lines.js';
import { deviceFile } from '../../../src/features/provisioning/files/index.js';
import { yealinkCommonFile } from '../../../src/features/provisioning/files/yealink.js';
import { VENDORS, type Vendor } from '../../../src/features/provisioning/models.js';
import { phoneBook } from '../../../src/features/provisioning/phone-book.js';
import { zoneRule } from '../../../src/features/provisioning/zone-rule.js';
import { parseXml, textsIn } from '../../support/xml.js';

const NOVEMBER = Date.UTC(2026, 10, 26);
const EXTRA: Readonly<Record<Vendor, string>> = {
  yealink: 'phone_setting.backgrounds = Default.jpg',
  grandstream: 'P122 = 1',
  fanvil: 'phone/display/LCDTitle = Front & back',
};

function device(vendor: Vendor, changes: Partial<Device> = {}): Device {
  const extra = readExtraLines(vendor, EXTRA[vendor]);
  return {
    mac: '001565123456',
    lines: [
      { number: '2001', name: 'Amy "Tea" Turner & Sons', password: 'hv9w2mk4q7xe3rt6yb5n' },
      { number: '2003', name: '陈静', password: 'p4cz8ud2fj6sg9ka3wve' },
    ],
    keys: [
      { kind: 'phone', number: '2002', label: 'Ben' },
      { kind: 'watch', number: '7001', label: 'Park 1' },
      { kind: 'dial', number: '+442079460199', label: 'Taxi' },
    ],
    server: { host: '192.0.2.10', port: 5060 },
    adminPassword: 'n3xq8vt5mw2kz7ph4bud',
    language: 'en',
    zone: zoneRule('Europe/London', NOVEMBER),
    ntp: 'pool.ntp.org',
    codecs: 'alaw',
    address: 'https://pbx.example.com/provision/s3cretofthephone/',
    voicemailCode: '*97',
    pickupCode: '*8',
    refreshMinutes: 60,
    extra: extra.ok ? extra.lines : [],
    ...changes,
  };
}

const golden = (name: string): string =>
  readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
const ENDINGS: Readonly<Record<Vendor, string>> = {
  yealink: 'cfg',
  grandstream: 'xml',
  fanvil: 'xml',
};

/** Values of a file by name, whatever its form. */
function valuesOf(vendor: Vendor, text: string): ReadonlyMap<string, readonly string[]> {
  if (vendor !== 'yealink') return textsIn(parseXml(text));
  const [header, ...lines] = text.trimEnd().split('\n');
  expect(header).to.equal('#!version:1.0.0.1');
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^([a-z][a-z0-9_.]*) = ?(.*)$/i.exec(line) ?? [];
      expect(name, line).not.to.equal('');
      return [name, [value]];
    }),
  );
}
const nameOf: Readonly<Record<Vendor, string>> = {
  yealink: 'account.1.display_name',
  grandstream: 'config/P3',
  fanvil: 'sip/line/DisplayName',
};

describe('what phones fetch', () => {
  for (const vendor of VENDORS)
    it(`is for ${vendor} as it was agreed`, () => {
      expect(deviceFile(vendor, device(vendor)).text).to.equal(
        golden(`${vendor}.${ENDINGS[vendor]}`),
      );
    });

  it('can be read whatever names, labels and passwords are, and holds them', () => {
    const any = fc.string({ unit: 'binary', maxLength: 30 });
    const nasty = fc.oneof(
      any,
      fc.constantFrom('a\nb = c', '</P3><P2>x', '&amp;', '陈静 & Söhne', ']]>', '\u2028'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...VENDORS), nasty, nasty, (vendor, name, label) => {
        const made = device(vendor, {
          lines: [{ number: '2001', name, password: 'x' }],
          keys: [{ kind: 'phone', number: '2002', label }],
        });
        const plain = device(vendor, {
          lines: [{ number: '2001', name: 'Amy', password: 'x' }],
          keys: [{ kind: 'phone', number: '2002', label: 'Ben' }],
        });
        const values = valuesOf(vendor, deviceFile(vendor, made).text);
        // Nothing is there that would not be there for a harmless name.
        expect([...values.keys()]).to.deep.equal([
          ...valuesOf(vendor, deviceFile(vendor, plain).text).keys(),
        ]);
        if (/^[\p{L} ]+$/u.test(name))
          expect(values.get(nameOf[vendor])).to.deep.equal([name.trim()]);
      }),
    );
  });

  it('keeps what is the same for all phones free of anything that is of one', () => {
    const { text } = yealinkCommonFile(device('yealink'));
    for (const secret of ['hv9w2mk4q7xe3rt6yb5n', 'n3xq8vt5mw2kz7ph4bud', 's3cret', '2001'])
      expect(text).not.to.contain(secret);
    expect(text).to.contain('local_time.ntp_server1 = pool.ntp.org');
  });

  it('has lines of one’s own only where phones can read them, and says which one is wrong', () => {
    for (const vendor of VENDORS) {
      expect(readExtraLines(vendor, `# words\r\n\n${EXTRA[vendor]}\n`)).to.have.property(
        'ok',
        true,
      );
      for (const bad of ['no value', '= 1', '<P3>x</P3>', 'a b = c', 'P12.3/x = 1', 'x = a\u0007b'])
        expect(readExtraLines(vendor, `${EXTRA[vendor]}\n${bad}`), `${vendor} ${bad}`).to.include({
          ok: false,
          line: 2,
        });
    }
  });
});

describe('the phone book of phones', () => {
  it('can be read whatever the names are, and has all of them', () => {
    const entry = fc.record({
      name: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      number: fc.stringMatching(/^[1-9]\d{3}$/),
    });
    fc.assert(
      fc.property(fc.constantFrom(...VENDORS), fc.array(entry, { maxLength: 8 }), (vendor, all) => {
        const root = parseXml(phoneBook(vendor, all));
        expect(root.name).to.equal(
          {
            yealink: 'YealinkIPPhoneDirectory',
            grandstream: 'AddressBook',
            fanvil: 'FanvilIPPhoneDirectory',
          }[vendor],
        );
        const path =
          vendor === 'grandstream' ? 'Contact/Phone/phonenumber' : 'DirectoryEntry/Telephone';
        expect(textsIn(root).get(path) ?? []).to.deep.equal(all.map(({ number }) => number));
      }),
    );
  });
});
