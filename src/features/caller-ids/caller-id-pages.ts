import { requirePermission } from '../../kernel/actor.js';
import { flagField, optionalIdField, parseFields } from '../../kernel/fields.js';
import type { AgentId, ExtensionId, QueueId } from '../../kernel/ids.js';
import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { Directory } from '../../telephony/directory.js';
import { isHelpNumber } from '../../telephony/emergency.js';
import {
  formatPhone,
  formView,
  formWithProblems,
  PageRoutes,
  type PageContext,
} from '../../web/kit/index.js';
import { z } from 'zod';
import { previewCallerId, type ImaginedCall, type TrunkPreview } from './caller-id-preview.js';

const PATH = '/setup/caller-ids';
const ACCESS = 'trunks.edit';
const FORM = { prefix: 'caller-ids.form', action: PATH } as const;

type Parts = { readonly directory: Pick<Directory, 'current'>; readonly country: string };

/** The page that says which number would be shown on a call, and why. It changes nothing. */
export const callerIdPages = (parts: Parts): PageRoutes =>
  new PageRoutes().get(PATH, ACCESS, (page) => {
    requirePermission(page.actor, ACCESS);
    show(page, parts);
  });

const schemaOf = ({ directory, country }: Parts) =>
  z.object({
    extension: optionalIdField<ExtensionId>(),
    agent: optionalIdField<AgentId>(),
    queue: optionalIdField<QueueId>(),
    isWithheld: flagField(),
    customer: z
      .string()
      .default('')
      .transform((text, context): string => {
        const number = normaliseNumber(text, country);
        const isKnown =
          isHelpNumber(directory.current.emergency, number, country) ||
          !['invalid', 'internal'].includes(classifyNumber(number, country));
        if (isKnown) return number;
        context.addIssue({
          code: 'custom',
          message: text.trim() === '' ? 'form.problem.needed' : 'configuration.problem.phone',
          params: {},
        });
        return z.NEVER;
      }),
  });

function show(page: PageContext, parts: Parts): void {
  const { current } = parts.directory;
  const { query } = page;
  const isAsked = 'customer' in query;
  const parsed = isAsked ? parseFields(schemaOf(parts), query) : undefined;
  const plain = formView(FORM, query, 0);
  const form =
    parsed === undefined || parsed.ok
      ? plain
      : // What was typed stands in the address, not in a body.
        formWithProblems({ t: page.t, body: query }, plain, parsed.problems);
  const extension = parsed?.ok === true ? (parsed.values.extension ?? 0) : 0;
  const answers =
    parsed?.ok === true
      ? previewCallerId(current, parts.country, {
          ...parsed.values,
          extension: extension as ExtensionId,
        } satisfies ImaginedCall)
      : undefined;
  page.render('caller-ids/preview', {
    title: page.t('caller-ids.title'),
    styles: ['setup'],
    form,
    extensions: [...current.extensions.values()].map(({ id, number, name }) => ({
      value: String(id),
      label: `${number} ${name}`.trim(),
    })),
    agents: options(current.agents),
    queues: options(current.queues),
    isAnswered: answers !== undefined,
    answers: answers?.map((one) => answerView(page, one)),
  });
}

const options = (things: ReadonlyMap<unknown, { readonly id: number; readonly name: string }>) =>
  [...things.values()].map(({ id, name }) => ({ value: String(id), label: name }));

function answerView(page: PageContext, { trunk, numbers, of, passedOver }: TrunkPreview) {
  const { t } = page;
  const phone = (number: string): string =>
    number === '' ? t('caller-ids.no-number') : formatPhone(number, page);
  return {
    trunk,
    number: of === undefined ? t('caller-ids.not-used') : numbers.map(phone).join(' · '),
    why:
      of === undefined
        ? t('caller-ids.why.may-not-withhold')
        : numbers.length > 1
          ? t('caller-ids.why.turns')
          : t(`caller-ids.why.${of}`),
    passedOver: passedOver.map((one) =>
      t('caller-ids.passed-over', { number: phone(one.number), of: t(`caller-ids.of.${one.of}`) }),
    ),
  };
}
