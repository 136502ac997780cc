// @ts-check
/** The words of the second factor, in Chinese. */
/** @type {Record<string, string>} */
export const proof = {
  "past.banner": "正在看 {time} 的值班台:当时是这样,只能看,不能改。",
  "past.leave": "回到现在",
  "past.title": "看某一时刻的值班台",
  "past.empty": "选一件,看当时知道的要素、数字和经过。",
  "past.told": "按日志还原那一刻各人看到的样子,在新页面打开;现在的值班台照常运行。",
  "past.when": "时间",
  "past.open": "打开",
  "past.then": "看那时的值班台",
  "proof.title": "签发前再验证一次",
  "proof.code": "请输入验证器上的六位数字。",
  "proof.key": "请触碰安全密钥。",
  "proof.either": "输入验证器上的六位数字;留空则用安全密钥。",
  "proof.label": "验证码",
  "proof.submit": "验证并继续",
  "classified.found": "疑似涉密:{mark}",
  "classified.banner": "涉密信息不得在本系统登记、传输",
  "event.FactorAdded": "添加第二重验证",
  "event.FactorRemoved": "删除第二重验证",
};
