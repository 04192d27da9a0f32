import type { PageContext } from '../../../web/kit/index.js';
import type { ImportState, StoredImport } from './import-store.js';
import type { RowProblem } from './row-reader.js';
import type { TableProblem } from './table-file.js';

const TONES: Readonly<Record<ImportState, { readonly icon: string; readonly tone: string }>> = {
  draft: { icon: 'pencil', tone: 'notready' },
  waiting: { icon: 'hourglass', tone: 'hold' },
  running: { icon: 'player-play', tone: 'ringing' },
  done: { icon: 'circle-check', tone: 'available' },
  cancelled: { icon: 'player-stop', tone: 'notready' },
  'broken-off': { icon: 'alert-triangle', tone: 'alarm' },
  failed: { icon: 'alert-circle', tone: 'alarm' },
};

/** Why a row was not taken, in the reader's words, with the column where it is one column's fault. */
export function reasonOf(page: PageContext, { column, message, params }: RowProblem): string {
  const reason = page.t(message, params);
  return column < 0
    ? reason
    : page.t('contact-import.reason-at', { column: columnName(column), reason });
}

/** `A`, `B` ... `AA`, as spreadsheets name columns. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : `${columnName(Math.floor(column / 26) - 1)}${letter}`;
}

/** An import as pages show it. */
export function importView(page: PageContext, job: StoredImport) {
  const isActive = job.state === 'waiting' || job.state === 'running';
  const problem = job.problem === '' ? undefined : readProblem(job.problem);
  return {
    id: job.id,
    fileName: job.fileName,
    userName: job.userName,
    listId: job.listId,
    listName: job.listName,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    state: job.state,
    stateText: page.t(`contact-import.state.${job.state}`),
    stateHelp: page.t(`contact-import.state.${job.state}.help`),
    ...TONES[job.state],
    isActive,
    isCancelling: job.cancelAsked && job.state === 'running',
    canGoOn: ['cancelled', 'broken-off', 'failed'].includes(job.state),
    percent: Math.floor(job.shareDone * 100),
    share: job.shareDone,
    rowsDone: job.rowsDone,
    imported: job.imported,
    updated: job.updated,
    listed: job.listed,
    duplicatesBefore: job.duplicatesBefore,
    duplicatesInside: job.duplicatesInside,
    rejected: job.rejected,
    rowsPerSecond:
      job.startedAt === undefined || job.endedAt === undefined
        ? undefined
        : Math.round(
            job.rowsDone /
              Math.max(0.001, (job.endedAt.getTime() - job.startedAt.getTime()) / 1000),
          ),
    problem: problem === undefined ? '' : page.t(problem.message, problem.params),
  };
}

/** What is kept of a long problem may be cut off. */
function readProblem(text: string): TableProblem | undefined {
  try {
    return JSON.parse(text) as TableProblem;
  } catch {
    return { message: 'contact-import.problem.broken' };
  }
}
