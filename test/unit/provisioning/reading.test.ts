import { expect } from 'chai';
import * as fc from 'fast-check';
import { readCsvTable } from '../../../src/features/configuration/csv-table.js';
import { planImport } from '../../../src/features/provisioning/desk-phone-import.js';
import { readLineKeys } from '../../../src/features/provisioning/line-keys.js';
import { macText, parseMac } from '../../../src/features/provisioning/mac.js';
import { fileKind, PHONE_MODELS } from '../../../src/features/provisioning/models.js';
import { posixZone, zoneRule } from '../../../src/features/provisioning/zone-rule.js';
import type { ExtensionId } from '../../../src/kernel/ids.js';

const NOVEMBER = Date.UTC(2026, 10, 26);

describe('a MAC address', () => {
  it('is read in any usual way of writing', () => {
    for (const text of [
      '00:15:65:12:34:ab',
      '00-15-65-12-34-AB',
      '0015.6512.34ab',
      '001565-1234AB',
      ' 0015651234Ab ',
      '００：１５：６５：１２：３４：ＡＢ',
    ])
      expect(parseMac(text), text).to.equal('0015651234ab');
    expect(macText('0015651234ab')).to.equal('00:15:65:12:34:AB');
  });

  it('is none where it is too short, too long, no hexadecimal, of a group, or nobody’s', () => {
    for (const text of [
      ...['', '00:15:65:12:34', '00:15:65:12:34:ab:cd', '00:15:65:12:34:gg', '0015651234a'],
      ...['ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01', '00:00:00:00:00:00', '00:15-65:12:34:ab:'],
    ])
      expect(parseMac(text), text).to.equal(undefined);
  });

  it('is the same again after it was shown', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f][02468ace][0-9a-f]{9}[1-9a-f]$/), (mac) => {
        expect(parseMac(macText(mac))).to.equal(mac);
      }),
    );
  });
});

describe('the files of a phone', () => {
  it('are its own by the address in the name, and no other phone’s', () => {
    const [yealink, , grandstream, , fanvil] = PHONE_MODELS;
    const mac = '0015651234ab';
    expect(fileKind(yealink, mac, '0015651234AB.cfg')).to.equal('own');
    expect(fileKind(yealink, mac, 'y000000000028.cfg')).to.equal('common');
    expect(fileKind(yealink, mac, '0015651234ac.cfg')).to.equal(undefined);
    expect(fileKind(yealink, mac, 'cfg0015651234ab.xml')).to.equal(undefined);
    expect(fileKind(grandstream, mac, 'cfg0015651234ab.xml')).to.equal('own');
    expect(fileKind(grandstream, mac, 'y000000000028.cfg')).to.equal(undefined);
    expect(fileKind(fanvil, mac, '0015651234ab.cfg')).to.equal('own');
    expect(fileKind(fanvil, mac, 'phonebook.xml')).to.equal('phone-book');
    expect(fileKind(fanvil, mac, '../secret')).to.equal(undefined);
  });
});

describe('line keys', () => {
  it('are a number and a name a line', () => {
    expect(
      readLineKeys('2002 Amy Turner\r\n\n 7001\n*782001, Quiet\n+442079460199\tTaxi'),
    ).to.deep.equal({
      ok: true,
      keys: [
        { number: '2002', label: 'Amy Turner' },
        { number: '7001', label: '' },
        { number: '*782001', label: 'Quiet' },
        { number: '+442079460199', label: 'Taxi' },
      ],
    });
  });

  it('say which line begins with no number', () => {
    expect(readLineKeys('2002 Amy\nBen 2003')).to.deep.equal({ ok: false, line: 2 });
    expect(readLineKeys(`2002 ${'x'.repeat(41)}`)).to.deep.equal({ ok: false, line: 1 });
  });
});

describe('a time zone without its name', () => {
  it('has the summer time of its country', () => {
    expect(zoneRule('Europe/London', NOVEMBER)).to.deep.equal({
      standardMinutes: 0,
      summer: {
        savedMinutes: 60,
        start: { month: 3, week: 5, weekday: 0, hour: 1 },
        end: { month: 10, week: 5, weekday: 0, hour: 2 },
      },
    });
    expect(posixZone(zoneRule('America/New_York', NOVEMBER))).to.equal(
      'STD5DST4,M3.2.0/2,M11.1.0/2',
    );
    expect(posixZone(zoneRule('Australia/Sydney', NOVEMBER))).to.equal(
      'STD-10DST-11,M10.1.0/2,M4.1.0/3',
    );
  });

  it('has none where the clocks do not change, and quarters of hours where it is so', () => {
    expect(zoneRule('Asia/Shanghai', NOVEMBER)).to.deep.equal({ standardMinutes: 480 });
    expect(posixZone(zoneRule('Asia/Kolkata', NOVEMBER))).to.equal('STD-5:30');
    expect(zoneRule('Mars/Base', NOVEMBER)).to.deep.equal({ standardMinutes: 0 });
  });
});

describe('importing desk phones', () => {
  const extensions = ['2001', '2002', '2003'].map((number, at) => ({
    ...{ id: (at + 1) as ExtensionId, number, name: `Desk ${number}` },
  }));
  const plan = (text: string) => {
    const table = readCsvTable(Buffer.from(text));
    if ('message' in table) throw new Error(table.message);
    return planImport(table, extensions);
  };

  it('takes families however they are written, and names from the extension', () => {
    const made = plan(
      'MAC;Model;Extensions;Name;Keys\n00-15-65-12-34-56;Yealink T46U;2001;;2002 Ben\n0015.6512.3457;grp2614;2002,2003;Hall;\n',
    );
    if ('message' in made) throw new Error(made.message);
    expect(made.rejected).to.deep.equal([]);
    expect(made.drafts.map(({ draft }) => draft)).to.deep.equal([
      {
        ...{ mac: '001565123456', model: 'yealink-t4', name: 'Desk 2001', lines: [1] },
        ...{ keys: '2002 Ben', isEnabled: true },
      },
      {
        ...{ mac: '001565123457', model: 'grandstream-grp', name: 'Hall', lines: [2, 3] },
        ...{ keys: '', isEnabled: true },
      },
    ]);
  });

  it('says line and reason of every wrong row', () => {
    const made = plan(
      [
        'mac,model,extensions',
        '00:15:65:12:34:56,Yealink T4x,2001',
        'nonsense,Yealink T4x,2002',
        '00:15:65:12:34:57,Cisco 7960,2002',
        '00:15:65:12:34:58,Fanvil X,2999',
        '00:15:65:12:34:59,Fanvil X,2001',
        '00-15-65-12-34-56,Fanvil X,2003',
        '00:15:65:12:34:5a,Fanvil X,',
      ].join('\n'),
    );
    if ('message' in made) throw new Error(made.message);
    expect(
      made.rejected.map(({ line, problem }) => `${String(line)} ${problem.message}`),
    ).to.deep.equal([
      '3 provisioning.problem.mac',
      '4 provisioning.problem.model',
      '5 provisioning.problem.unknown-extension',
      '6 provisioning.problem.extension-repeated',
      '7 import.problem.repeated',
      '8 form.problem.needed',
    ]);
  });

  it('refuses a file without the needed columns', () => {
    expect(plan('mac,name\n001565123456,x\n')).to.have.property(
      'message',
      'import.problem.columns',
    );
  });
});
