import { MUSIC_ORDERS } from '../../telephony/directory.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { rowPages, type UsageReports } from '../configuration/index.js';
import type { MusicService } from './music-service.js';
import type { MusicStore } from './music-store.js';
import { MAX_SOUNDS, MUSIC_SORTS, musicSchema, type StoredMusic } from './music.js';

/** What the pages are made of. */
export interface MusicPagesParts {
  readonly service: MusicService;
  readonly store: MusicStore;
  readonly usage: UsageReports;
}

/** The set-up pages of hold music. */
export const musicPages = ({ service, store, usage }: MusicPagesParts): PageRoutes =>
  rowPages({
    name: 'music',
    permission: 'prompts.edit',
    service,
    schema: musicSchema,
    list: {
      sorts: MUSIC_SORTS,
      defaultSort: 'name',
      columns: [
        { label: 'music.form.name', sort: 'name' },
        { label: 'music.form.sounds' },
        { label: 'music.form.order' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: async (page, all) => {
        const sounds = new Map((await store.soundOptions()).map((one) => [one.id, one]));
        return all.map((music) => ({
          sounds: music.sounds.flatMap((id) => sounds.get(id)?.name ?? []).join(', '),
          durationMs: music.sounds.reduce((sum, id) => sum + (sounds.get(id)?.durationMs ?? 0), 0),
          order: page.t(`music.order.${music.order}`),
          updatedAt: music.updatedAt,
        }));
      },
    },
    title: (_page, music) => music.name,
    newValues: () => ({ order: 'listed', sounds: [] }),
    values: (_page, { name, order, sounds }) => ({ name, order, sounds }),
    data: (page, music) => formData(page, store, music),
    create: (page, values) => service.create(page.actor, values),
    save: (page, id, version, values) => service.save(page.actor, id, version, values),
    uses: (music) => usage.ofMusic(music.id),
  });

async function formData(page: PageContext, store: MusicStore, music: StoredMusic | undefined) {
  const options = await store.soundOptions();
  const typed = page.body['sounds'];
  const chosen = [typed ?? music?.sounds ?? []].flat().map(String);
  return {
    styles: ['setup', 'prompts'],
    orders: MUSIC_ORDERS.map((value) => ({ value, label: page.t(`music.order.${value}`) })),
    places: Array.from({ length: MAX_SOUNDS }, (_, at) => ({
      label: page.t('music.place', { number: at + 1 }),
      value: chosen[at] ?? '',
      // The first is where the problem of the whole list leads.
      id: at === 0 ? 'f-sounds' : `f-sounds-${String(at)}`,
    })),
    options: options.map(({ id, name }) => ({ value: String(id), label: name })),
    heard: (music?.sounds ?? []).flatMap((id) => {
      const sound = options.find((option) => option.id === id);
      if (sound === undefined) return [];
      const src = sound.hash === '' ? '' : `/media/${sound.hash}.wav`;
      return [{ name: sound.name, href: `/setup/prompts/${String(id)}`, src }];
    }),
  };
}
