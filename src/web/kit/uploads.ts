/** A file that came with a form, stored in a temporary file until the answer is sent. */
export interface Upload {
  /** Name of the form's field. */
  readonly field: string;
  /** As the browser named it; only to be shown. */
  readonly fileName: string;
  readonly mimeType: string;
  /** Where it lies. Move or read it before the handler ends. */
  readonly path: string;
  readonly bytes: number;
}
