// @ts-check
/** The Chinese words of documents, the duty log and the statistics. The other language has the same keys. */
/** @type {Record<string, string>} */
export const papers = {
  "file.docx": "下载文档",
  "file.pdf": "下载打印件",
  "file.no_pdf": "本机没有安装排版程序,只能下载文档",
  "paper.handover": "交接班记录",
  "paper.phone": "电话记录",
  "paper.proof": "存证单",
};
