declare module 'pilotledger:schema' {
  const json: object;
  export default json;
}

declare module 'pilotledger:currencies' {
  const currencies: [numeric: number, code: string, digits: number][];
  export default currencies;
}
