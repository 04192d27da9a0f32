import type { DirectorySnapshot } from '../../telephony/directory.js';
import { escaped } from './files/writing.js';
import type { Vendor } from './models.js';

/** A line of the phone book. */
export interface BookEntry {
  readonly name: string;
  readonly number: string;
}

/** Who can be called from a phone's book: listed extensions, ring groups, rooms, and the company's speed dials. */
export function bookEntries(
  directory: Pick<DirectorySnapshot, 'extensions' | 'ringGroups' | 'conferences' | 'speedDials'>,
): readonly BookEntry[] {
  const { extensions, ringGroups, conferences, speedDials } = directory;
  const entries = (all: Iterable<BookEntry>): readonly BookEntry[] =>
    [...all]
      .filter(({ number }) => number !== '')
      .map(({ name, number }) => ({ name, number }))
      .sort((a, b) => a.name.localeCompare(b.name) || a.number.localeCompare(b.number));
  return [
    ...entries([...extensions.values()].filter(({ isUnlisted }) => isUnlisted !== true)),
    ...entries(ringGroups.values()),
    ...entries(conferences.values()),
    ...entries(speedDials.values()),
  ];
}

/** The phone book as the phones of a vendor read it; Fanvil reads what Yealink reads, under another root. */
export function phoneBook(vendor: Vendor, entries: readonly BookEntry[]): string {
  const body = vendor === 'grandstream' ? addressBook(entries) : phoneDirectory(vendor, entries);
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...body, ''].join('\n');
}

const phoneDirectory = (vendor: Vendor, entries: readonly BookEntry[]): readonly string[] => {
  const root = vendor === 'fanvil' ? 'FanvilIPPhoneDirectory' : 'YealinkIPPhoneDirectory';
  return [
    `<${root}>`,
    ...entries.map(
      ({ name, number }) =>
        `<DirectoryEntry><Name>${escaped(name)}</Name><Telephone>${escaped(number)}</Telephone></DirectoryEntry>`,
    ),
    `</${root}>`,
  ];
};

const addressBook = (entries: readonly BookEntry[]): readonly string[] => [
  '<AddressBook>',
  ...entries.map(
    ({ name, number }, at) =>
      `<Contact><id>${String(at + 1)}</id><FirstName>${escaped(name)}</FirstName><Phone type="Work"><phonenumber>${escaped(number)}</phonenumber><accountindex>0</accountindex></Phone></Contact>`,
  ),
  '</AddressBook>',
];
