import type { PageRoutes } from '../../web/kit/index.js';
import { rowPages, type UsageReports } from '../configuration/index.js';
import type { ConferenceService } from './conference-service.js';
import { CONFERENCE_SORTS, conferenceSchema } from './conference.js';

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
        { label: 'conferences.form.pin' },
        { label: 'conferences.form.announces-join' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: (_page, rooms) =>
        rooms.map(({ number, hasPin, announcesJoin, updatedAt }) => ({
          ...{ number, hasPin, announcesJoin, updatedAt },
        })),
    },
    title: (_page, room) => room.name,
    newValues: () => ({ announcesJoin: true }),
    values: (_page, { name, number, announcesJoin }) => ({
      ...{ name, number, announcesJoin },
      ...{ pin: '', withoutPin: false },
    }),
    data: () => ({ styles: ['setup'] }),
    create: (page, values) => service.createRoom(page.actor, values),
    save: (page, id, version, values) => service.saveRoom(page.actor, id, version, values),
    uses: (room) => usage.ofRoom(room.id),
  });
