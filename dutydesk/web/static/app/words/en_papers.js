// @ts-check
/** The English words of documents, the duty log and the statistics. The other language has the same keys. */
/** @type {Record<string, string>} */
export const papers = {
  "file.docx": "Download docx",
  "file.pdf": "Download PDF",
  "file.no_pdf": "LibreOffice is not installed here: docx only",
  "paper.handover": "Handover card",
  "paper.phone": "Phone record",
  "paper.proof": "Proof sheet",
};
