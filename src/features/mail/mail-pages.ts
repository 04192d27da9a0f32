import { formView, PageRoutes, submitForm, type PageContext } from '../../web/kit/index.js';
import type { MailOutcome } from './mail.js';
import type { MailService } from './mail-service.js';
import { isMailAddress, MAIL_TLS, mailForm, type StoredMailSettings } from './mail-settings.js';

const PATH = '/setup/mail';
const ACCESS = 'mail.edit';
const FORM = 'mail.form';

/** The page of mail: the server, trying it, and what was sent lately. */
export const mailPages = (service: MailService): PageRoutes =>
  new PageRoutes()
    .get(PATH, ACCESS, (page) => show(page, service))
    .post(PATH, ACCESS, (page) => save(page, service))
    .post(`${PATH}/test`, ACCESS, (page) => sendTest(page, service))
    .post(`${PATH}/:id/again`, ACCESS, async (page) => {
      await service.again(page.actor, page.param('id'));
      await page.redirect(`${PATH}#mails`, { message: 'mail.waits-again' });
    });

async function show(
  page: PageContext,
  service: MailService,
  more: Readonly<Record<string, unknown>> = {},
  status = 200,
): Promise<void> {
  const stored = await service.read(page.actor);
  const form = formView({ prefix: FORM, action: PATH }, valuesOf(stored), stored.version);
  page.render('mail/edit', { ...(await pageData(page, service, stored)), form, ...more }, status);
}

/** What the form shows: everything but the password. */
const valuesOf = (stored: StoredMailSettings): Readonly<Record<string, unknown>> => {
  const { enabled, host, port, tls, checksCertificate, user, from, fromName } = stored;
  return { enabled, host, port, tls, checksCertificate, user, from, fromName };
};

async function pageData(page: PageContext, service: MailService, stored: StoredMailSettings) {
  const { lines, counts } = await service.latest(page.actor);
  return {
    title: page.t('mail.title'),
    styles: ['setup', 'prompts'],
    hasPassword: stored.passwordSealed !== '',
    isOn: stored.enabled,
    isPlain: stored.tls === 'none' && stored.user !== '',
    tlsOptions: MAIL_TLS.map((value) => ({ value, label: page.t(`mail.tls.${value}`) })),
    counts,
    mails: lines.map((line) => ({
      ...line,
      stateName: page.t(`mail.state.${line.state}`),
      isFailed: line.state === 'failed',
      isSent: line.state === 'sent',
    })),
    test: { to: stored.from },
  };
}

async function save(page: PageContext, service: MailService): Promise<void> {
  await submitForm(page, {
    prefix: FORM,
    action: PATH,
    schema: mailForm,
    view: 'mail/edit',
    data: async () => pageData(page, service, await service.read(page.actor)),
    save: (form, version) => service.save(page.actor, version, form),
    current: async () => {
      const stored = await service.read(page.actor);
      return { version: stored.version, values: valuesOf(stored) };
    },
    done: { path: PATH, toast: { message: 'mail.saved' } },
  });
}

/** Sends with the stored settings and says what the server answered. */
async function sendTest(page: PageContext, service: MailService): Promise<void> {
  const { to: typed } = page.body;
  const to = typeof typed === 'string' ? typed.trim() : '';
  const stored = await service.read(page.actor);
  const problem = !isMailAddress(to)
    ? 'mail.problem.to'
    : stored.host === '' || stored.from === ''
      ? 'mail.problem.not-set-up'
      : undefined;
  if (problem !== undefined)
    return show(page, service, { test: { to, problem: page.t(problem) } }, 422);
  const outcome = await service.sendTest(page.actor, {
    recipient: to,
    subject: page.t('mail.test.subject'),
    text: page.t('mail.test.text'),
  });
  return show(page, service, { test: { to, ...told(page, outcome) } });
}

const told = (page: PageContext, outcome: MailOutcome) =>
  outcome.ok
    ? { done: page.t('mail.test.done'), answer: outcome.answer }
    : { problem: page.t(`mail.outcome.${outcome.problem}`), answer: outcome.answer };
