import type { z } from 'zod';
import type { Permission } from '../../kernel/actor.js';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import {
  formView,
  formWithProblems,
  listView,
  PageRoutes,
  readList,
  submitForm,
  type ColumnOptions,
  type PageContext,
  type PageData,
} from '../../web/kit/index.js';
import type { RowService } from './row-service.js';
import { notArchivedView, usageViews } from './usage-view.js';
import type { Usage } from './usage.js';
import type { Versioned } from './versioned-store.js';

type Values = Readonly<Record<string, unknown>>;

/** What a list of named rows shows. */
export interface RowListOptions<Stored, Sort extends string> {
  readonly sorts: readonly Sort[];
  readonly defaultSort: Sort | `-${Sort}`;
  readonly filters?: readonly string[];
  /** The last one is for row actions. */
  readonly columns: readonly ColumnOptions<Sort>[];
  /** What the template shows of each row, besides `id`, `name` and `archivedAt`. */
  readonly rows: (
    page: PageContext,
    stored: readonly Stored[],
  ) => Promise<readonly Values[]> | readonly Values[];
  /** Options of the filters and the like. */
  readonly data?: (page: PageContext) => Promise<Values> | Values;
}

/**
 * What differs between the set-up pages of one kind of named rows and another. `name` is the folder of the views, the last
 * part of the path, and the first part of the catalog's keys: `title`, `new`, `created`, `saved`, `archived`, `restored`,
 * `not-archived`.
 */
export interface RowPagesOptions<
  Id extends number,
  Draft,
  Stored extends Versioned<Id> & Draft,
  Sort extends string,
  S extends z.ZodType,
  Created,
  Saved,
> {
  readonly name: string;
  readonly permission: Permission;
  /** Where the pages are, if not below `/setup/<name>`. */
  readonly path?: string;
  /** Where the list is, if not at that place: another page stands there. */
  readonly listPath?: string;
  readonly service: RowService<Id, Draft, Stored, Sort>;
  readonly schema: S;
  /** Absent where the page at the list's place is not a plain list: the feature has its own. */
  readonly list?: RowListOptions<Stored, Sort>;
  readonly title: (page: PageContext, stored: Stored) => string;
  /** What the form of something new shows. */
  readonly newValues: (page: PageContext) => Promise<Values> | Values;
  /** What the form shows of a stored row, as the form sends it. */
  readonly values: (page: PageContext, stored: Stored) => Values;
  /** Options of the form and what stands beside it; `stored` is undefined for something new. */
  readonly data: (page: PageContext, stored: Stored | undefined) => Promise<Values> | Values;
  readonly create: (page: PageContext, values: z.output<S>) => Promise<Created>;
  /** Answers after creating. Default: the list with a toast. */
  readonly created?: (page: PageContext, result: Created) => Promise<void> | void;
  readonly save: (
    page: PageContext,
    id: Id,
    version: number,
    values: z.output<S>,
  ) => Promise<Saved>;
  /** Answers after saving. Default: the same page with a toast. */
  readonly saved?: (page: PageContext, id: Id, result: Saved) => Promise<void> | void;
  /** What uses a row; shown beside the form. */
  readonly uses?: (stored: Stored) => Promise<readonly Usage[]>;
}

/**
 * The set-up pages of one kind of named rows: list, new, edit, archive, restore. They are added to `pages`, whose own
 * routes come first, so that `/setup/extensions/import` is not taken for a row.
 */
export const rowPages = <
  Id extends number,
  Draft,
  Stored extends Versioned<Id> & Draft,
  Sort extends string,
  S extends z.ZodType,
  Created,
  Saved,
>(
  options: RowPagesOptions<Id, Draft, Stored, Sort, S, Created, Saved>,
  pages = new PageRoutes(),
): PageRoutes => new RowPages(options).addTo(pages);

class RowPages<
  Id extends number,
  Draft,
  Stored extends Versioned<Id> & Draft,
  Sort extends string,
  S extends z.ZodType,
  Created,
  Saved,
> {
  readonly #path: string;
  readonly #listPath: string;
  readonly #prefix: string;
  readonly #view: string;

  constructor(
    private readonly options: RowPagesOptions<Id, Draft, Stored, Sort, S, Created, Saved>,
  ) {
    this.#path = options.path ?? `/setup/${options.name}`;
    this.#listPath = options.listPath ?? this.#path;
    this.#prefix = `${options.name}.form`;
    this.#view = `${options.name}/edit`;
  }

  addTo(pages: PageRoutes): PageRoutes {
    const { permission, list } = this.options;
    if (list !== undefined) pages.get(this.#listPath, permission, (page) => this.#list(page, list));
    return pages
      .get(`${this.#path}/new`, permission, (page) => this.#new(page))
      .post(this.#path, permission, (page) => this.#create(page))
      .get(`${this.#path}/:id`, permission, (page) => this.#edit(page))
      .post(`${this.#path}/:id`, permission, (page) => this.#save(page))
      .post(`${this.#path}/:id/archive`, permission, (page) => this.#archive(page))
      .post(`${this.#path}/:id/restore`, permission, (page) => this.#restore(page));
  }

  async #list(page: PageContext, list: RowListOptions<Stored, Sort>): Promise<void> {
    const { name, service } = this.options;
    const request = readList(page, {
      path: this.#listPath,
      sorts: list.sorts,
      defaultSort: list.defaultSort,
      filters: [...(list.filters ?? []), 'archived'],
    });
    const { archived, ...filters } = request.filters;
    const query = { ...request, archived: archived === 'yes', filters };
    const result = await service.list(page.actor, query);
    const rows = await list.rows(page, result.rows);
    const shown = result.rows.map((stored, at) => ({
      id: stored.id,
      archivedAt: stored.archivedAt,
      name: this.options.title(page, stored),
      ...rows[at],
    }));
    page.render(`${name}/list`, {
      title: page.t(`${name}.title`),
      list: listView(request, { rows: shown, total: result.total }, list.columns),
      ...(await list.data?.(page)),
    });
  }

  async #new(page: PageContext): Promise<void> {
    const values = await this.options.newValues(page);
    const form = formView({ prefix: this.#prefix, action: this.#path }, values);
    page.render(this.#view, { ...(await this.#newData(page)), form });
  }

  async #create(page: PageContext): Promise<void> {
    const { name, schema, create, created } = this.options;
    await submitForm(page, {
      prefix: this.#prefix,
      action: this.#path,
      schema,
      view: this.#view,
      data: () => this.#newData(page),
      save: (values) => create(page, values),
      done: (result) =>
        created === undefined
          ? page.redirect(this.#listPath, { message: `${name}.created` })
          : created(page, result),
    });
  }

  async #edit(page: PageContext, more: Values = {}, status = 200): Promise<void> {
    const stored = await this.options.service.get(page.actor, page.id<Id>());
    const values = this.options.values(page, stored);
    const form = formView(this.#target(stored.id), values, stored.version);
    page.render(this.#view, { ...(await this.#editData(page, stored)), form, ...more }, status);
  }

  async #save(page: PageContext): Promise<void> {
    const { name, schema, service, values, save, saved } = this.options;
    const id = page.id<Id>();
    await submitForm(page, {
      ...this.#target(id),
      schema,
      view: this.#view,
      data: async () => this.#editData(page, await service.get(page.actor, id)),
      save: (typed, version) => save(page, id, version, typed),
      current: async () => {
        const stored = await service.get(page.actor, id);
        return { values: values(page, stored), version: stored.version };
      },
      done: (result) =>
        saved === undefined
          ? page.redirect(this.#target(id).action, { message: `${name}.saved` })
          : saved(page, id, result),
    });
  }

  async #archive(page: PageContext): Promise<void> {
    const id = page.id<Id>();
    const uses = await this.options.service.archive(page.actor, id);
    if (uses.length > 0) return this.#edit(page, notArchivedView(uses), 409);
    return page.redirect(this.#listPath, {
      message: `${this.options.name}.archived`,
      undo: `${this.#target(id).action}/restore`,
    });
  }

  async #restore(page: PageContext): Promise<void> {
    const id = page.id<Id>();
    try {
      await this.options.service.restore(page.actor, id);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
      return this.#notRestored(page, id, error.problems);
    }
    return page.redirect(this.#listPath, { message: `${this.options.name}.restored` });
  }

  /** What the row led to is gone meanwhile: its form, with the problem beside the field. */
  async #notRestored(page: PageContext, id: Id, problems: readonly FieldProblem[]): Promise<void> {
    const stored = await this.options.service.get(page.actor, id);
    const body = {
      ...formBody(this.options.values(page, stored)),
      version: String(stored.version),
    };
    const form = formWithProblems({ t: page.t, body }, this.#target(id), problems);
    page.render(this.#view, { ...(await this.#editData(page, stored)), form }, 422);
  }

  #target(id: Id) {
    return { prefix: this.#prefix, action: `${this.#path}/${String(id)}` };
  }

  async #newData(page: PageContext): Promise<PageData> {
    const { name, data } = this.options;
    return {
      title: page.t(`${name}.new`),
      crumbs: this.#crumbs(page),
      isNew: true,
      ...(await data(page, undefined)),
    };
  }

  async #editData(page: PageContext, stored: Stored): Promise<PageData> {
    const { title, uses, data } = this.options;
    return {
      title: title(page, stored),
      crumbs: this.#crumbs(page),
      row: stored,
      uses: usageViews(page, (await uses?.(stored)) ?? []),
      ...(await data(page, stored)),
    };
  }

  #crumbs(page: PageContext) {
    return [{ label: page.t(`${this.options.name}.title`), href: this.#listPath }];
  }
}

/** Stored values as a form would send them. */
const formBody = (values: Values): Readonly<Record<string, string | readonly string[]>> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== false && value !== null)
      .map(([name, value]) => [
        name,
        Array.isArray(value)
          ? value.map(String)
          : value === true
            ? 'on'
            : String(value as string | number),
      ]),
  );
