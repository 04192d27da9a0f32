import { z } from 'zod';
import { ROOM_RECORDS, type RoomRecords } from '../../engines/conference/room.js';
import {
  choiceField,
  flagField,
  integerField,
  patternField,
  problem,
  textField,
} from '../../kernel/fields.js';
import type { ConferenceId } from '../../kernel/ids.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import { ROOM_ANNOUNCEMENTS, type RoomAnnouncement } from '../../telephony/conference-rooms.js';
import { PERMISSION_CLASSES, type PermissionClass } from '../../telephony/directory.js';
import type { Versioned } from '../configuration/index.js';

/** Nobody follows a talk of more. */
export const MAX_MEMBERS = 500;

/** What is set for a room, without its PINs. */
interface ConferenceSettings {
  readonly name: string;
  /** 2 to 8 digits, not beginning with 0, never an emergency number, no extension's number. */
  readonly number: string;
  /** Only where hosts have a PIN. */
  readonly guestsWait: boolean;
  readonly endsWithHost: boolean;
  /** 0 is without limit. */
  readonly maxMembers: number;
  readonly announces: RoomAnnouncement;
  readonly records: RoomRecords;
  /** How far the room may call people who are invited. */
  readonly invites: PermissionClass;
}

/** A conference room as it is stored. A PIN is set where it changes, '' where it is taken away. */
export interface ConferenceDraft extends ConferenceSettings {
  readonly hostPinSealed?: string;
  readonly guestPinSealed?: string;
}

export interface StoredConference extends Versioned<ConferenceId>, ConferenceSettings {
  readonly hasHostPin: boolean;
  readonly hasGuestPin: boolean;
}

export const CONFERENCE_SORTS = ['number', 'name', 'updated'] as const;
export type ConferenceSort = (typeof CONFERENCE_SORTS)[number];

const pinField = () =>
  z
    .string()
    .trim()
    .default('')
    .superRefine((pin, context) => {
      if (!/^(\d{4,12})?$/.test(pin)) context.addIssue(problem('conferences.problem.pin'));
    });

/** The form. An empty PIN keeps the stored one. `country` decides which numbers help in an emergency. */
export const conferenceSchema = (country: string) =>
  z.object({
    name: textField({ max: 80 }),
    number: patternField(/^[1-9]\d{1,7}$/, 'conferences.problem.number').superRefine(
      (number, context) => {
        if (isEmergencyNumber(number, country))
          context.addIssue(problem('conferences.problem.emergency', { number }));
      },
    ),
    hostPin: pinField(),
    withoutHostPin: flagField(),
    guestsWait: flagField(),
    endsWithHost: flagField(),
    guestPin: pinField(),
    withoutGuestPin: flagField(),
    maxMembers: integerField(0, MAX_MEMBERS),
    announces: choiceField(ROOM_ANNOUNCEMENTS),
    records: choiceField(ROOM_RECORDS),
    invites: choiceField(PERMISSION_CLASSES),
  });
export type ConferenceValues = z.output<ReturnType<typeof conferenceSchema>>;

/** A room that anybody may dial into, as the form of a new one shows it. */
export const NEW_CONFERENCE = {
  ...{ hostPin: '', withoutHostPin: false, guestsWait: false, endsWithHost: false },
  ...{ guestPin: '', withoutGuestPin: false, maxMembers: 0 },
  ...{ announces: 'tone', records: 'never', invites: 'internal' },
} as const satisfies Omit<ConferenceValues, 'name' | 'number'>;
