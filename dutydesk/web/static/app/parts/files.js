// @ts-check
/** A document to take away: docx to go on editing in a word processor, PDF to print. */
import { html } from "../../vendor/htm/preact.js";
import { t } from "../i18n.js";
import { me } from "../session.js";

/** @param {{path: string, query?: string}} props */
export function Files({ path, query = "" }) {
  const printed = me.value?.documents?.pdf !== false;
  return html`<a class="button" href=${`${path}.docx${query}`} data-testid="docx">${t("file.docx")}</a>${
    printed
      ? html`<a class="button" href=${`${path}.pdf${query}`} data-testid="pdf">${t("file.pdf")}</a>`
      : html`<span class="hint" data-testid="no-pdf">${t("file.no_pdf")}</span>`
  }`;
}

/** A link to a document shown as a page, which offers both files. @param {{kind: string, id: string}} props */
export function Paper({ kind, id }) {
  return html`<a class="button" href=${`/documents/${kind}/${encodeURIComponent(id)}`} target="_blank" rel="noopener" data-testid=${`paper-${kind}`}>
    ${t(`paper.${kind}`)}</a>`;
}
