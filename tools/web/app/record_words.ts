// The words of entities and of the attributes of their records. In English their names are words already.

export const recordZh = {
  kinds: {
    party: '主体', platform: '平台', award: '补助', project: '项目', run: '中试运行', contract: '合同', ip: '知识产权',
    pledge: '质押', pledgereg: '质押登记', loan: '贷款', finding: '审计问题', asset: '资产', key: '密钥', policy: '政策',
    ruleset: '政策规则', report: '报告', techreg: '技术合同登记', grade: '考核', event: '事件', invoice: '发票',
    outcome: '成果', voucher: '创新券', receipt: '收入', log: '账本', person: '人员', clawback: '追缴', insurance: '保险',
  } as Record<string, string>,
  attributes: {
    awarded: '下达', disbursed: '拨付', received: '到账', spent: '支出', matched: '配套到位', passed: '转拨', confirmed: '验收确认',
    returned: '退回', currency: '币种', instrument: '政策工具', place: '区划', division: '区划', platform: '平台', state: '状态',
    'party.any': '有关主体', 'party.own': '权利人', 'party.fin': '承担单位', 'party.plt': '平台单位', 'party.cus': '客户', 'party.bnk': '银行',
    level: '级别', name: '名称', kind: '种类', grade: '考核结果', expires: '期满日', granted: '授予', filed: '申请日', drawn: '提款',
    repaid: '还款', amount: '金额', remaining: '可退余额', maturity: '到期日', 'debt.to': '债务履行至', 'valid.from': '有效期起', 'valid.to': '有效期止',
    award: '补助', project: '项目', run: '中试运行', runs: '中试运行次数', result: '结果', asset: '权利', seller: '卖方', acceptance: '验收',
    frozen: '保全', contested: '争议', 'pledge.any': '曾有质押', 'pledge.active': '有效质押', 'asset.active': '有效质押的权利',
    'bound.by': '绑定条目', 'bound.on': '绑定日', 'recognised.on': '认定日', 'promoted.on': '升级日', 'reevaluated.on': '复评日',
    'withdrawn.on': '退出日', 'batches.planned': '计划批次', 'batches.done': '完成批次', 'reg-no': '登记号', 'fee.paid-to': '年费缴至',
  } as Record<string, string>,
  states: { awarded: '已下达', granted: '已发放', repaid: '已还清', reversed: '已冲销', withdrawn: '已退出' } as Record<string, string>,
};

export const recordEn: typeof recordZh = {
  kinds: { ip: 'right', run: 'pilot run', pledgereg: 'registration of pledge', ruleset: 'policy rules', techreg: 'registration of technology contract' },
  attributes: {},
  states: {},
};
