// @ts-check
/** The words of the second factor, in Chinese. */
/** @type {Record<string, string>} */
export const proof = {
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
