import type { LivePreview, LivePreviewEnd, LiveReminder } from '../../telephony/live-previews.js';
import { dialledCode } from '../../telephony/feature-codes.js';
import type { Directory } from '../../telephony/directory.js';
import { formatPhone, formatWhen, type LiveValues, type LiveViewer } from '../../web/kit/index.js';
import type { DeskPicture } from './desk-picture.js';

interface Parts {
  readonly directory: Pick<Directory, 'current'>;
}

/** What the card of somebody to be called shows, and which of its buttons there are. */
export function previewValues(desk: DeskPicture, viewer: LiveViewer, parts: Parts): LiveValues {
  const { agent, preview, mode } = desk;
  return {
    isPreview: mode === 'preview',
    ...reminderValues(agent.reminder, viewer),
    lastPreviewText: endText(agent.lastPreview, viewer),
    ...(preview === undefined ? NOTHING : cardValues(preview, agent.extension, viewer, parts)),
  };
}

const NOTHING: LiveValues = {
  ...{ previewAttempt: '', previewPhase: '', previewUntil: null },
  ...{ isPreviewRead: false, isPreviewDialled: false },
};

function cardValues(
  preview: LivePreview,
  extension: string,
  viewer: LiveViewer,
  { directory }: Parts,
): LiveValues {
  const { t } = viewer;
  const { phase, campaignName, name, promise, problem, atLimit, until } = preview;
  const number = formatPhone(preview.number, viewer);
  const isRead = phase === 'record';
  const { featureCodes } = directory.current;
  const [call, skip] = [
    dialledCode(featureCodes, 'preview-call'),
    dialledCode(featureCodes, 'preview-skip'),
  ];
  return {
    previewAttempt: preview.attempt,
    previewPhase: phase,
    isPreviewRead: isRead,
    isPreviewDialled: !isRead,
    previewTitle: t(`workspace.preview.title.${promise?.kind ?? 'lead'}`),
    previewCampaign: campaignName,
    previewWho: name === '' ? number : name,
    previewNumber: name === '' ? '' : number,
    previewUntil: isRead ? (until ?? null) : null,
    previewLimit: isRead ? t(`workspace.preview.limit.${atLimit}`) : '',
    previewProblem:
      problem === undefined || !isRead
        ? ''
        : t(`workspace.preview.problem.${problem}`, { extension }),
    previewDialling: isRead ? '' : t(`workspace.preview.${phase}`, { extension, number }),
    previewPromise: promise === undefined ? '' : promiseText(promise, viewer),
    previewNote: promise?.note ?? '',
    previewCodes: call === '' || skip === '' ? '' : t('workspace.preview.codes', { call, skip }),
    previewAnnouncement: t('workspace.preview.announce', {
      campaign: campaignName,
      who: name === '' ? number : name,
    }),
  };
}

function promiseText(
  { dueAt, insteadOf }: NonNullable<LivePreview['promise']>,
  viewer: LiveViewer,
): string {
  const time = formatWhen(new Date(dueAt), 'time', viewer);
  return insteadOf === undefined
    ? viewer.t('workspace.preview.promised', { time })
    : viewer.t('workspace.preview.promised-by', { time, name: insteadOf });
}

/** "Grace Hall: busy". */
function endText(end: LivePreviewEnd | undefined, viewer: LiveViewer): string {
  if (end === undefined) return '';
  const who = end.name === '' ? formatPhone(end.number, viewer) : end.name;
  return viewer.t('workspace.preview.ended', {
    who,
    result: viewer.t(`workspace.preview.result.${end.result}`),
  });
}

function reminderValues(reminder: LiveReminder | undefined, viewer: LiveViewer): LiveValues {
  if (reminder === undefined) return { reminderText: '', reminderUntil: null };
  const { kind, name, number, dueAt, comesByItself } = reminder;
  return {
    reminderText: viewer.t(`workspace.reminder.${comesByItself ? kind : 'own'}`, {
      who: name === '' ? formatPhone(number, viewer) : name,
      time: formatWhen(new Date(dueAt), 'time', viewer),
    }),
    reminderUntil: dueAt,
  };
}
