// Cities of Zhejiang by their division codes (GB/T 2260), as people call them; other codes stand for themselves.
import type { Label } from '../verify/schema';

const kCities: Record<string, Label> = {
  330000: ['浙江省', 'Zhejiang'],
  330100: ['杭州市', 'Hangzhou'],
  330200: ['宁波市', 'Ningbo'],
  330300: ['温州市', 'Wenzhou'],
  330400: ['嘉兴市', 'Jiaxing'],
  330500: ['湖州市', 'Huzhou'],
  330600: ['绍兴市', 'Shaoxing'],
  330700: ['金华市', 'Jinhua'],
  330800: ['衢州市', 'Quzhou'],
  330900: ['舟山市', 'Zhoushan'],
  331000: ['台州市', 'Taizhou'],
  331100: ['丽水市', 'Lishui'],
};

export const divisionLabel = (code: string): Label => kCities[code] ?? [code, code];
