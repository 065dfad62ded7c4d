declare module 'pilotledger:schema' {
  const json: object;
  export default json;
}
