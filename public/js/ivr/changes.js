// What somebody does in the drawing, as requests: one POST a change, each with the version that the page shows, one after
// the other. The answer is the editor as it is then.
const editor = () => document.getElementById('ivr-editor');
const shown = () => document.getElementById('ivr-model').dataset;
const TARGET = { target: '#ivr-top', swap: 'outerHTML show:none' };
let last = Promise.resolve();
/** What shall have the focus once the answer is there: 'form', or '' for what had it. */
export const wish = { focus: '' };

/** Sends a change of the flow. */
export function change(action, values = {}) {
  const send = () => {
    const { path, version, selected } = shown();
    const csrf = document.querySelector('meta[name=csrf-token]').content;
    return globalThis.htmx.ajax('POST', `${path}/${action}`, {
      source: editor(),
      ...TARGET,
      values: { _csrf: csrf, version, selected, ...values },
    });
  };
  last = last.then(send, send);
  return last;
}

/** Shows a step in the inspector; '' for the flow itself. */
export function openStep(step) {
  const { path } = shown();
  const query = step === '' ? '' : `?step=${encodeURIComponent(step)}`;
  const address = `${path}/edit${query}`;
  last = last
    .catch(() => undefined)
    .then(() =>
      globalThis.htmx.ajax('GET', address, {
        ...TARGET,
        source: editor(),
      }),
    );
  return last;
}
