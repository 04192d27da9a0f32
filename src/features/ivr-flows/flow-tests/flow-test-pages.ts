import { AppError } from '../../../kernel/errors.js';
import type { FlowId } from '../../../kernel/ids.js';
import {
  formView,
  formWithProblems,
  parseForm,
  type FormView,
  type PageContext,
  type PageData,
  type PageRoutes,
  versionOf,
} from '../../../web/kit/index.js';
import { flowPath, flowPictures, FLOWS_PATH } from '../editor-view.js';
import type { FlowInWork, FlowService } from '../flow-service.js';
import { flowTestForm, testValues } from './flow-test-form.js';
import type { FlowTestService } from './flow-test-service.js';
import {
  litSteps,
  resultView,
  runRow,
  testFormData,
  testPath,
  testsPath,
} from './flow-test-view.js';
import type { TestRun } from './run-tests.js';

const PATH = '/setup/ivr/:id/tests';
const ACCESS = 'flows.edit';
const PREFIX = 'flow.test.form';

interface Services {
  readonly flows: FlowService;
  readonly tests: FlowTestService;
}

/** Adds the tests of a flow: list with results, add, change, delete. They run on the draft each time they are shown. */
export function addFlowTestPages(pages: PageRoutes, services: Services): void {
  pages.get(PATH, ACCESS, (page) => showList(page, services));
  pages.get(`${PATH}/new`, ACCESS, (page) => showNew(page, services));
  pages.post(PATH, ACCESS, (page) => save(page, services, undefined));
  pages.get(`${PATH}/:test`, ACCESS, (page) => showTest(page, services));
  pages.post(`${PATH}/:test`, ACCESS, (page) => save(page, services, testId(page)));
  pages.post(`${PATH}/:test/delete`, ACCESS, async (page) => {
    const id = page.id<FlowId>();
    await services.tests.delete(page.actor, id, testId(page));
    await page.redirect(testsPath(id), { message: 'flow.test.deleted' });
  });
}

function testId(page: PageContext): number {
  const text = page.param('test');
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new AppError('not-found', `${text} is no test`);
  return Number(text);
}

const crumbsOf = (page: PageContext, { flow }: FlowInWork) => [
  { label: page.t('flow.title'), href: FLOWS_PATH },
  { label: flow.name, href: `${flowPath(flow.id)}/edit` },
];

async function showList(page: PageContext, { flows, tests }: Services): Promise<void> {
  const open = await flows.open(page.actor, page.id<FlowId>());
  const runs = await tests.runAll(page.actor, open);
  page.render('ivr-flows/tests', {
    title: page.t('flow.tests'),
    crumbs: crumbsOf(page, open),
    rows: runs.map((run) => runRow(page, open, run)),
    failed: runs.filter((run) => !run.result.passed).length,
    newHref: `${testsPath(open.flow.id)}/new`,
  });
}

async function showNew(page: PageContext, { flows }: Services): Promise<void> {
  const open = await flows.open(page.actor, page.id<FlowId>());
  const form = formView(
    { prefix: PREFIX, action: testsPath(open.flow.id) },
    { language: page.language, end: 'hangup', did: open.choices.dids[0]?.name ?? '' },
  );
  page.render('ivr-flows/test', testPage(page, open, form, undefined));
}

async function showTest(page: PageContext, { flows, tests }: Services): Promise<void> {
  const open = await flows.open(page.actor, page.id<FlowId>());
  const run = await tests.run(page.actor, open, testId(page));
  const { id, version, test } = run.stored;
  const form = formView(
    { prefix: PREFIX, action: testPath(open.flow.id, id) },
    testValues(test),
    version,
  );
  page.render('ivr-flows/test', testPage(page, open, form, run));
}

function testPage(
  page: PageContext,
  open: FlowInWork,
  form: FormView,
  run: TestRun | undefined,
): PageData {
  const path = testsPath(open.flow.id);
  const common = {
    title: run?.stored.test.name ?? page.t('flow.test.new'),
    crumbs: [...crumbsOf(page, open), { label: page.t('flow.tests'), href: path }],
    styles: ['ivr'],
    fold: true,
    form,
    testsHref: path,
    ...testFormData(page, open, form),
  };
  if (run === undefined) return common;
  return {
    ...common,
    scripts: ['ivr'],
    flow: open.flow,
    result: resultView(page, open, run.result),
    deleteAction: `${testPath(open.flow.id, run.stored.id)}/delete`,
    lit: litSteps(open, run.result),
    ...flowPictures(page, open, {
      selected: '',
      isEditable: false,
      hrefOf: (step) => `${flowPath(open.flow.id)}/edit?step=${encodeURIComponent(step)}`,
    }),
  };
}

/** Saves and shows the test with its result; or the form again, with what is wrong or what somebody else saved. */
async function save(
  page: PageContext,
  { flows, tests }: Services,
  id: number | undefined,
): Promise<void> {
  const flow = page.id<FlowId>();
  const open = await flows.open(page.actor, flow);
  const run = id === undefined ? undefined : await tests.run(page.actor, open, id);
  const action = id === undefined ? testsPath(flow) : testPath(flow, id);
  const again = (problems: AppError['problems'], status: number, version?: number): void => {
    const form = formWithProblems(page, { prefix: PREFIX, action }, problems);
    const current = version === undefined ? form : { ...form, version };
    page.render('ivr-flows/test', testPage(page, open, current, run), status);
  };
  const parsed = parseForm(flowTestForm, page.body);
  if (!parsed.ok) return again(parsed.problems, 422);
  try {
    const version = versionOf(page.body);
    const saved = id ?? (await tests.create(page.actor, flow, parsed.values));
    if (id !== undefined)
      await tests.change(page.actor, flow, id, { version, test: parsed.values });
    await page.redirect(testPath(flow, saved), { message: 'flow.test.saved' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'invalid-fields') return again(error.problems, 422);
    if (error.code !== 'conflict') throw error;
    again([{ field: 'name', message: 'flow.test.conflict' }], 409, run?.stored.version);
  }
}
