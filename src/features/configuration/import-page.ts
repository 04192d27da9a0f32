import { z } from 'zod';
import type { FieldProblem } from '../../kernel/errors.js';
import { formView, type PageContext } from '../../web/kit/index.js';
import { CSV_MAX_BYTES } from './csv-table.js';
import type { ImportShelf } from './import-shelf.js';

/** What is larger than a file may be is still read so far that the page can say so. */
export const IMPORT_UPLOAD_BYTES = 4 * CSV_MAX_BYTES;

/** The form that asks for a file, with what was wrong with the one before, said at `field`. */
export function importForm(
  page: PageContext,
  form: { readonly prefix: string; readonly action: string },
  problem?: Pick<FieldProblem, 'message' | 'params'>,
  {
    field = 'file',
    values = {},
  }: { field?: string; values?: Readonly<Record<string, unknown>> } = {},
) {
  const view = formView(form, values);
  if (problem === undefined) return view;
  const text = page.t(problem.message, problem.params);
  return {
    ...view,
    problems: { [field]: text },
    summary: [{ field, label: page.t(`${form.prefix}.${field}`), text }],
  };
}

const ownerSchema = z.object({ userId: z.number().nullable() });

/** Puts what a file would do on the shelf, for whoever checked it. Gives the name under which it waits. */
export const shelve = (page: PageContext, shelf: ImportShelf, content: object): Promise<string> =>
  shelf.put(JSON.stringify({ userId: page.actor.userId ?? null, ...content }));

/** What this user has checked; undefined where it was taken, is too old, or is somebody else's. */
export async function takeChecked<Checked>(
  page: PageContext,
  shelf: ImportShelf,
  schema: z.ZodType<Checked>,
): Promise<Checked | undefined> {
  const name = page.body['checked'];
  const content = typeof name === 'string' ? await shelf.take(name) : undefined;
  if (content === undefined) return undefined;
  const stored: unknown = JSON.parse(content);
  const checked = schema.parse(stored);
  return ownerSchema.parse(stored).userId === (page.actor.userId ?? null) ? checked : undefined;
}
