/** How the characters of the names of places, and of what is made there, are said. */
const SYLLABLES = new Map(
  [
    "工gong 作zuo 台tai 审shen 批pi 流liu 线xian 索suo 客ke 户hu 联lian 系xi 人ren 商shang 机ji",
    "合he 同tong 应ying 收shou 回hui 款kuan 付fu 预yu 银yin 行hang 账zhang 服fu 务wu 单dan",
    "产chan 品pin 部bu 门men 号hao 角jue 色se 登deng 录lu 日ri 志zhi 签qian 名ming 密mi 钥yao",
    "统tong 运yun 维wei 新xin 建jian 记ji 类lei 别bie 竞jing 争zheng 对dui 手shou 伙huo 伴ban 与yu 构gou 职zhi 位wei 用yong 组zu",
    "字zi 典dian 编bian 规gui 则ze 参can 数shu 据ju 项xiang 公gong 司si 信xin 息xi 设she 置zhi 定ding 义yi 段duan",
    "海hai 池chi",
  ]
    .flatMap((line) => line.split(" "))
    .map((each) => [each[0]!, each.slice(1)]),
);

/** What a Chinese name is typed as without an input method: in full, and by its initials. */
export function pinyinOf(name: string) {
  const said = [...name.toLowerCase().replaceAll(" ", "")].map((each) => SYLLABLES.get(each) ?? each);
  return [said.join(""), said.map((each) => each[0]).join("")];
}
