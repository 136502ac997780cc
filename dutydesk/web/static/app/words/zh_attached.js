// @ts-check
/** 附在事件上的照片、文件。 */

/** @type {Record<string, string>} */
export const attachedWords = {
  "attached": "附上的文件",
  "attached.none": "照片、PDF 可以附在这里,随下一份上报送出。来报带来的照片在时间线里,也一并送出。",
  "attached.sending": "正在附上",
  "attached.failed": "没有附上",
  "attached.away": "线路断开,没有附上,请稍后再附",
  "attached.detach": "撤下 {name}",
  "attached.detach.told": "以后的上报不再带它。已经随上报送出的收不回来。",
  "act.add_files": "附上文件",
  "act.detach": "撤下",
  "event.FilesAttached": "{by} 附上文件 {attached}",
  "event.FileDetached": "{by} 撤下附件:{reason}",
  "attached.along": "随附文件",
  "attached.along.hint": "照片、扫描件,经直连一并送到对方。单个不超过 20 MB。",
  "guidance.files.hint": "只有直连能送附件;按邮件、电话请示的送不了。",
};
