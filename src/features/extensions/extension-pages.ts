import { LANGUAGES } from '../../kernel/call-event.js';
import type { ExtensionId } from '../../kernel/ids.js';
import { formatNumber } from '../../kernel/numbers.js';
import { PERMISSION_CLASSES } from '../../telephony/directory.js';
import type { LiveView } from '../../telephony/live.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import {
  mediaChoices,
  recordingChoices,
  rowPages,
  type ImportShelf,
  type PbxNumbers,
  type UsageReports,
} from '../configuration/index.js';
import { isInRanges } from '../../telephony/other-pbx.js';
import { extensionTopic } from './extension-live.js';
import type { ExtensionService } from './extension-service.js';
import {
  EXTENSION_SORTS,
  extensionSchema,
  hidesShortCode,
  NEW_EXTENSION,
  RING_TIMEOUT_S,
  type PhoneCredentials,
  type StoredExtension,
} from './extension.js';
import { addImportPages } from './import-pages.js';

/** What desk phones are told to connect to. */
export interface PhoneSite {
  readonly host: string;
  readonly port: number;
}

export interface ExtensionPagesParts {
  readonly service: ExtensionService;
  readonly usage: UsageReports;
  readonly live: LiveView;
  readonly country: string;
  readonly site: PhoneSite;
  readonly shelf: ImportShelf;
  /** Numbers that live on other telephone systems, unless they have moved. */
  readonly otherNumbers: () => Promise<readonly PbxNumbers[]>;
}

/** The set-up pages of extensions: list, form, import, and the page that shows a phone's password once. */
export function extensionPages(parts: ExtensionPagesParts): PageRoutes {
  const pages = new PageRoutes();
  addImportPages(pages, parts);
  pages.post('/setup/extensions/:id/password', 'extensions.edit', async (page) => {
    showPhone(page, parts, await parts.service.renewPassword(page.actor, page.id<ExtensionId>()));
  });
  pages.post('/setup/extensions/:id/forget-name', 'extensions.edit', async (page) => {
    const id = page.id<ExtensionId>();
    await parts.service.forgetSpokenName(page.actor, id);
    await page.redirect(`/setup/extensions/${String(id)}`, {
      message: 'extensions.name.forgotten',
    });
  });
  return rowPages(
    {
      name: 'extensions',
      permission: 'extensions.edit',
      service: parts.service,
      schema: extensionSchema(parts.country),
      list: {
        sorts: EXTENSION_SORTS,
        defaultSort: 'number',
        filters: ['permission'],
        columns: [
          { label: 'extensions.form.number', sort: 'number' },
          { label: 'extensions.form.name', sort: 'name' },
          { label: 'extensions.column.state' },
          { label: 'extensions.form.permission', sort: 'permission' },
          { label: 'extensions.form.caller-id' },
          { label: 'extensions.form.voicemail' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, extensions) =>
          extensions.map((extension) => ({
            number: extension.number,
            label: extension.name,
            permission: extension.permission,
            callerId: shownNumber(page, extension),
            voicemail: extension.voicemail,
            updatedAt: extension.updatedAt,
          })),
        data: (page) => ({
          values: extensionTopic.values(parts.live.current, page),
          permissions: permissions(page),
        }),
      },
      title: (_page, extension) => `${extension.number} ${extension.name}`,
      newValues: (page) => ({ ...NEW_EXTENSION, language: page.language }),
      values: (page, extension) => ({
        number: extension.number,
        name: extension.name,
        permission: extension.permission,
        callerId: shownNumber(page, extension),
        recordingInbound: extension.recordingInbound,
        recordingOutbound: extension.recordingOutbound,
        recordingInternal: extension.recordingInternal,
        voicemail: extension.voicemail,
        ringTimeoutS: extension.ringTimeoutS,
        language: extension.language,
        department: extension.department,
        isListed: extension.isListed,
        codecs: extension.codecs,
        dtmf: extension.dtmf,
      }),
      data: (page, extension) => editData(page, parts, extension),
      create: (page, values) => parts.service.createPhone(page.actor, values),
      created: (page, phone) => {
        showPhone(page, parts, phone);
      },
      save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
      uses: (extension) => parts.usage.ofExtension(extension.id),
    },
    pages,
  );
}

const shownNumber = (page: PageContext, extension: StoredExtension): string =>
  formatNumber(extension.callerId, page.country, page.language);

const permissions = (page: PageContext) =>
  PERMISSION_CLASSES.map((value) => ({ value, label: page.t(`extensions.permission.${value}`) }));

async function editData(
  page: PageContext,
  parts: ExtensionPagesParts,
  extension: StoredExtension | undefined,
) {
  const systems = extension === undefined ? [] : await parts.otherNumbers();
  const before = systems.find(({ ranges }) => isInRanges(ranges, extension?.number ?? ''));
  const isHiding = extension !== undefined && hidesShortCode(extension.number, parts.country);
  return {
    styles: ['setup'],
    values: extensionTopic.values(parts.live.current, page),
    permissions: permissions(page),
    languages: LANGUAGES.map((value) => ({ value, label: page.t(`language.${value}`) })),
    ...mediaChoices(page, parts.live, extension?.codecs),
    ring: RING_TIMEOUT_S,
    ...recordingChoices(page.t),
    site: parts.site,
    movedFrom: before?.name,
    warnings: isHiding
      ? [{ text: page.t('extensions.warning.short-code', { number: extension.number }) }]
      : [],
  };
}

/** The only page that ever shows the password. Loading it again asks the browser to send the form again. */
function showPhone(page: PageContext, parts: ExtensionPagesParts, phone: PhoneCredentials): void {
  page.render('extensions/phone', {
    title: page.t('extensions.phone.title', { number: phone.number }),
    crumbs: [{ label: page.t('extensions.title'), href: '/setup/extensions' }],
    styles: ['setup'],
    scripts: ['copy'],
    phone,
    site: parts.site,
  });
}
