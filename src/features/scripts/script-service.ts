import { pathOf } from '../dispositions/index.js';
import type { Announcer } from '../../kernel/announcer.js';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { ContactId, ScriptId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type { ExampleContact, ScriptOptions, ScriptStore } from './script-store.js';
import type { ScriptDraft, ScriptSort, StoredScript } from './script.js';

const PERMISSION = 'scripts.edit';
/** Contacts offered for looking at a script with. */
const EXAMPLES = 20;

/** Scripts. One that a queue or a campaign uses cannot be archived. */
export class ScriptService extends RowService<ScriptId, ScriptDraft, StoredScript, ScriptSort> {
  constructor(
    private readonly scripts: ScriptStore,
    announcer: Announcer,
  ) {
    super(scripts, announcer, {
      permission: PERMISSION,
      objectKind: 'script',
      announces: 'scripts',
      nameOf: (draft) => draft.name,
      describe: async (draft) => describe(draft, await scripts.options()),
    });
  }

  options(actor: Actor): Promise<ScriptOptions> {
    requirePermission(actor, PERMISSION);
    return this.scripts.options();
  }

  /** Contacts to look at a script with; the one with `id` first, where it is there. */
  async examples(
    actor: Actor,
    search: string,
    id: ContactId | undefined,
  ): Promise<readonly ExampleContact[]> {
    requirePermission(actor, PERMISSION);
    const [own, found] = await Promise.all([
      id === undefined ? undefined : this.scripts.exampleContact(id),
      this.scripts.exampleContacts(search, EXAMPLES),
    ]);
    return own === undefined ? found : [own, ...found.filter((one) => one.id !== own.id)];
  }
}

/** Page by page, so that the history says on which one something changed. */
function describe({ name, pages }: ScriptDraft, { dispositions }: ScriptOptions) {
  const titleOf = (key: string): string => {
    const page = pages.find((one) => one.key === key);
    return page === undefined ? key : page.title.en || page.title['zh-CN'];
  };
  return {
    name,
    ...Object.fromEntries(
      pages.map((page, at) => [
        `page ${String(at + 1)}`,
        [
          [page.title.en, page.title['zh-CN']].filter(Boolean).join(' / '),
          ...[page.text.en, page.text['zh-CN']].filter(Boolean),
          ...page.questions.map(
            ({ key, kind, label }) => `${key} (${kind}): ${label.en || label['zh-CN']}`,
          ),
          ...page.ways.map(({ label, to }) => {
            const where =
              to.kind === 'page'
                ? titleOf(to.page)
                : to.kind === 'end'
                  ? 'end'
                  : pathOf(dispositions, to.disposition, 'en');
            return `${label.en || label['zh-CN']} → ${where}`;
          }),
        ].join('\n'),
      ]),
    ),
  };
}
