import Handlebars from 'handlebars';
import type { Assets } from './assets.js';
import {
  formatDuration,
  formatNumber,
  formatPercent,
  formatPhone,
  formatWhen,
  NO_VALUE,
  urlWith,
  WHEN_STYLES,
  type Reader,
  type WhenStyle,
} from './kit/format.js';
import { fieldKey } from './kit/forms.js';
import type { LiveValues } from './kit/live-topics.js';
import type { MessageParams, Messages } from './kit/translate.js';

type Helper = (...args: unknown[]) => unknown;
type SafeText = InstanceType<typeof Handlebars.SafeString>;

const escape = (text: string): string => Handlebars.escapeExpression(text);
const safe = (html: string): SafeText => new Handlebars.SafeString(html);

interface Options {
  readonly hash: Readonly<Record<string, unknown>>;
  readonly data: { readonly page: Reader; readonly root?: unknown };
}
const optionsOf = (args: readonly unknown[]): Options => args.at(-1) as Options;
const readerOf = (args: readonly unknown[]): Reader => optionsOf(args).data.page;
const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || value === '';
const asText = (value: unknown): string =>
  typeof value === 'string' ? value : isMissing(value) ? '' : JSON.stringify(value);

/** Helpers of all templates. They format; they do not decide. Whatever they return is escaped unless it is built here. */
export function viewHelpers(assets: Assets, messages: Messages): Readonly<Record<string, Helper>> {
  return {
    ...textHelpers(messages),
    ...valueHelpers(),
    ...liveHelpers(assets),
    icon: (name, ...rest) => {
      const label = optionsOf([name, ...rest]).hash['label'];
      const extra = asText(optionsOf([name, ...rest]).hash['class']);
      const href = escape(assets.icon(asText(name)));
      const role = isMissing(label)
        ? 'aria-hidden="true"'
        : `role="img" aria-label="${escape(asText(label))}"`;
      return safe(`<svg class="ti ${escape(extra)}" ${role}><use href="${href}"></use></svg>`);
    },
    /** URL of an icon, for drawings that place it by themselves: `<use href="{{iconHref name}}">`. */
    iconHref: (name) => assets.icon(asText(name)),
    asset: (name) => assets.url(asText(name)),
    url: (path, ...rest) => urlWith(asText(path), optionsOf([path, ...rest]).hash),
    eq: (left, right) => left === right || asText(left) === asText(right),
    not: (value) => value === false || isMissing(value) || value === 0,
    includes: (list, value) =>
      Array.isArray(list)
        ? list.some((item) => asText(item) === asText(value))
        : !isMissing(list) && asText(list) === asText(value),
    concat: (...args) => args.slice(0, -1).map(asText).join(''),
    or: (...args) => args.slice(0, -1).find((value) => !isMissing(value) && value !== false),
    json: (value) => JSON.stringify(value),
  };
}

/** Values of live topics, as the page was made with them: `@root.values`. */
const liveValue = (options: Options, key: unknown): unknown =>
  (options.data.root as { readonly values?: LiveValues } | undefined)?.values?.[asText(key)];

/** Cells that `public/js/live.js` keeps up to date. They show the values that the page was made with. */
function liveHelpers(assets: Assets): Record<string, Helper> {
  return {
    /** `{{cell "queue:3.waiting"}}`; `as="duration"` ticks from an instant, `as="countdown"` towards one. */
    cell: (key, ...rest) => {
      const options = optionsOf([key, ...rest]);
      const kind = asText(options.hash['as']);
      const value = liveValue(options, key);
      const empty = asText(options.hash['empty'] ?? (kind === '' ? NO_VALUE : ''));
      const attributes = [
        `data-live="${escape(asText(key))}"`,
        ...(kind === '' ? [] : [`data-live-as="${escape(kind)}"`]),
        `data-live-empty="${escape(empty)}"`,
        ...(isMissing(options.hash['class'])
          ? []
          : [`class="${escape(asText(options.hash['class']))}"`]),
      ];
      const text = isMissing(value) ? empty : liveText(kind, value);
      return safe(`<span ${attributes.join(' ')}>${escape(text)}</span>`);
    },
    /** Attributes that follow values: `<tr {{bind state="queue:3.tone" title="queue:3.why"}}>`. */
    bind: (...args) => {
      const options = optionsOf(args);
      const bound = Object.entries(options.hash).map(([name, key]) => {
        const follow = `data-live-${escape(name)}="${escape(asText(key))}"`;
        return `${follow} ${liveAttribute(name, liveValue(options, key))}`;
      });
      return safe(bound.join(' '));
    },
    /** An icon whose name is a value. */
    liveIcon: (key, ...rest) => {
      const options = optionsOf([key, ...rest]);
      const name = liveValue(options, key);
      const href = isMissing(name) ? '' : escape(assets.icon(asText(name)));
      return safe(
        `<svg class="ti" aria-hidden="true" data-live-icon="${escape(asText(key))}"><use href="${href}"></use></svg>`,
      );
    },
  };
}

/** How a value reads when the page is made; scripts go on from there. */
function liveText(kind: string, value: unknown): string {
  if (kind === 'duration') return formatDuration(Date.now() - Number(value));
  if (kind === 'countdown') return formatDuration(Number(value) - Date.now());
  return asText(value);
}

function liveAttribute(name: string, value: unknown): string {
  if (name === 'show') return isMissing(value) || value === false || value === 0 ? 'hidden' : '';
  if (name === 'disabled') return isMissing(value) || value === false ? '' : 'disabled';
  const attribute = { state: 'data-state', label: 'aria-label' }[name] ?? name;
  return isMissing(value) ? '' : `${escape(attribute)}="${escape(asText(value))}"`;
}

function textHelpers(messages: Messages): Record<string, Helper> {
  const translate = (args: readonly unknown[], key: string, params?: MessageParams): string =>
    messages.translate(readerOf(args).language, key, params);
  const formKey = (form: unknown, name: unknown): string =>
    fieldKey((form as { readonly prefix: string }).prefix, asText(name));
  return {
    t: (key, ...rest) =>
      translate(rest, asText(key), optionsOf([key, ...rest]).hash as MessageParams),
    /** Label of a form's field: `<prefix>.<field>`. */
    fieldLabel: (form, name, ...rest) => translate(rest, formKey(form, name)),
    /** Help of a form's field, '' where the catalog has none. */
    fieldHelp: (form, name, ...rest) => {
      const key = `${formKey(form, name)}.help`;
      return messages.has(key) ? translate(rest, key) : '';
    },
  };
}

function valueHelpers(): Record<string, Helper> {
  return {
    duration: (ms) => (isMissing(ms) ? NO_VALUE : formatDuration(Number(ms))),
    phone: (number, ...rest) => formatPhone(asText(number), readerOf([number, ...rest])),
    number: (value, ...rest) =>
      isMissing(value)
        ? NO_VALUE
        : formatNumber(Number(value), readerOf([value, ...rest]).language),
    percent: (share, ...rest) =>
      isMissing(share)
        ? NO_VALUE
        : formatPercent(Number(share), readerOf([share, ...rest]).language),
    /** `{{when at "datetime"}}`: a `<time>` in the site's zone, with the exact time for machines. */
    when: (at, ...rest) => {
      if (isMissing(at)) return NO_VALUE;
      const instant = at instanceof Date ? at : new Date(at as number | string);
      const asked = rest.length > 1 ? asText(rest[0]) : '';
      const style =
        WHEN_STYLES.find((known) => known === asked) ?? ('datetime' satisfies WhenStyle);
      const text = formatWhen(instant, style, readerOf([at, ...rest]));
      const title = formatWhen(instant, 'full', readerOf([at, ...rest]));
      return safe(
        `<time datetime="${instant.toISOString()}" title="${escape(title)}">${escape(text)}</time>`,
      );
    },
    /** Two letters for a person's round chip; one character where the name is Chinese. */
    initials: (name) => {
      const words = asText(name).trim().split(/\s+/);
      const [first = '', ...rest] = words.map((word) => /^./u.exec(word)?.[0] ?? '');
      return (first + (rest.at(-1) ?? '')).toUpperCase();
    },
  };
}
