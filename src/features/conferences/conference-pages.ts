import { ROOM_RECORDS } from '../../engines/conference/room.js';
import { HOST_KEYS, ROOM_ANNOUNCEMENTS, ROOM_KEYS } from '../../telephony/conference-rooms.js';
import { PERMISSION_CLASSES } from '../../telephony/directory.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { rowPages, type UsageReports } from '../configuration/index.js';
import type { ConferenceService } from './conference-service.js';
import {
  CONFERENCE_SORTS,
  conferenceSchema,
  MAX_MEMBERS,
  NEW_CONFERENCE,
  type StoredConference,
} from './conference.js';

/** The set-up pages of conference rooms. */
export const conferencePages = (
  service: ConferenceService,
  usage: UsageReports,
  country: string,
): PageRoutes =>
  rowPages({
    name: 'conferences',
    permission: 'extensions.edit',
    service,
    schema: conferenceSchema(country),
    list: {
      sorts: CONFERENCE_SORTS,
      defaultSort: 'number',
      columns: [
        { label: 'conferences.form.number', sort: 'number' },
        { label: 'conferences.form.name', sort: 'name' },
        { label: 'conferences.column.pins' },
        { label: 'conferences.form.max-members' },
        { label: 'conferences.form.records' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: (page, rooms) =>
        rooms.map(({ number, hasHostPin, hasGuestPin, maxMembers, records, updatedAt }) => ({
          ...{ number, hasHostPin, hasGuestPin, updatedAt },
          maxMembers: maxMembers === 0 ? '' : String(maxMembers),
          records: page.t(`conferences.records.${records}`),
        })),
    },
    title: (_page, room) => room.name,
    newValues: () => NEW_CONFERENCE,
    values: (_page, room) => ({ ...NEW_CONFERENCE, ...settingsOf(room) }),
    data: (page) => formData(page),
    create: (page, values) => service.createRoom(page.actor, values),
    save: (page, id, version, values) => service.saveRoom(page.actor, id, version, values),
    uses: (room) => usage.ofRoom(room.id),
  });

const settingsOf = (room: StoredConference) => ({
  ...{ name: room.name, number: room.number, invites: room.invites },
  ...{ guestsWait: room.guestsWait, endsWithHost: room.endsWithHost },
  ...{ maxMembers: room.maxMembers, announces: room.announces, records: room.records },
});

/** Options of the form, and the keys that work in a room. */
function formData({ t }: Pick<PageContext, 't'>) {
  const options = (values: readonly string[], texts: string) =>
    values.map((value) => ({ value, label: t(`${texts}.${value}`) }));
  const keys = Object.entries(ROOM_KEYS).map(([key, digit]) => ({
    keys: `*${digit}`,
    text: t(`conferences.key.${key}`),
    isForHosts: HOST_KEYS.some((one) => one === key),
  }));
  return {
    styles: ['setup'],
    maxMembers: MAX_MEMBERS,
    announcements: options(ROOM_ANNOUNCEMENTS, 'conferences.announces'),
    recordings: options(ROOM_RECORDS, 'conferences.records'),
    permissions: options(PERMISSION_CLASSES, 'extensions.permission'),
    keys: {
      everybody: keys.filter((key) => !key.isForHosts),
      hosts: keys.filter((key) => key.isForHosts),
    },
  };
}
