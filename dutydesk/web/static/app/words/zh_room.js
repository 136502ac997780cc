// @ts-check
/** 大屏、地图、同席、查验、管理。 */

/** @type {Record<string, string>} */
export const room = {
  "present.with": "同席",
  "present.looking": "{who} 在看",
  "present.changing": "{who} 在改",
  "present.held": "{who} 正在改这一件({time} 起)。两人同改容易相互覆盖;您写的不会丢。",
  "present.take": "接手",
  "view.map": "地图",
  "view.wall": "大屏",
  "wall.leave": "离开大屏",
  "wall.calm": "没有未了的事件",
  "wall.more": "另有 {n} 件",
  "wall.waiting": "来报待处理 {n}",
  "map.schematic": "示意图,不表示界线与面积",
  "map.told": "{name},未了 {n} 件",
  "map.all": "全部",
  "map.units": "重点单位",
  "map.quiet": "这里现在没有未了的事件。",
  "map.choose": "点一个镇街,看那里的事件和重点单位。",
  "empty.map": "没有可画的区市",
  "empty.map.hint": "名录里有了区市和镇街,这里就按代码画出来;摆放在配置里定。",
};
