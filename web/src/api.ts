// Made from types.go by 'go test ./cmd/tcpclose/internal/explorer -run TestTypeScript -rewrite'.

export type CatalogueRequest = {
  lang?: string;
};

export type BaseInfo = {
  name: string;
  sentence: string;
  profile: boolean;
  large: boolean;
};

export type FieldInfo = {
  name: string;
  group: string;
  side: string;
  meaning: string;
  values: string;
  words: string[];
  default: string;
};

export type PropertyInfo = {
  name: string;
  sentence: string;
  source: string;
  kind: string;
};

export type TermInfo = {
  name: string;
  type: string;
  meaning: string;
};

export type Catalogue = {
  bases: BaseInfo[];
  profiles: string[];
  fields: FieldInfo[];
  properties: PropertyInfo[];
  terms: TermInfo[];
  words: Record<string, string[]>;
};

export type Setup = {
  base?: string;
  a?: string;
  b?: string;
  fields?: Record<string, string>;
  counted?: boolean;
};

export type SceneRequest = {
  setup: Setup;
  path: string;
  lang?: string;
  full?: string;
  loop: number;
  ask: string[];
  top: number;
  bottom: number;
};

export type NamedText = {
  name: string;
  value: string;
};

export type Countdown = {
  name: string;
  ticks: number;
};

export type EndInfo = {
  state: string;
  numbers: NamedText[];
  timers: Countdown[];
  notes: string[];
};

export type PacketInfo = {
  from: string;
  place: number;
  flights: string;
  text: string;
  age: number;
  copy: boolean;
};

export type BoxInfo = {
  name: string;
  state: string;
  left: string;
};

export type Move = {
  side: string;
  from: string;
  to: string;
};

export type Choice = {
  token: string;
  actor: string;
  kind: string;
  what: string;
  from: string;
  segment: string;
  flights: string;
  moves: Move[];
  sends: string;
  told: string;
  clauses: string[];
  elapsed: number;
};

export type ClauseInfo = {
  name: string;
  source: string;
  sentence: string;
};

export type Row = {
  event: number;
  y: number;
  kind: string;
  side: string;
  what: string;
  moves: Move[];
  told: string;
  nobody: boolean;
  time: number;
  box: string[];
  clauses: ClauseInfo[];
};

export type FlightRow = {
  number: number;
  from: string;
  text: string;
  sent: number;
  arrives: number[];
  lost: number;
  transit: boolean;
  packet: string;
  behind: boolean;
};

export type TimerRow = {
  side: string;
  name: string;
  from: number;
  to: number;
  ticks: number;
  end: string;
  lane: number;
};

export type Ladder = {
  height: number;
  start: [string, string];
  rows: Row[];
  flights: FlightRow[];
  timers: TimerRow[];
  loop: number;
};

export type PropertyHere = {
  name: string;
  sentence: string;
  broken: number;
  now: boolean;
  reason: string;
  witness: boolean;
};

export type PartHere = {
  text: string;
  true: boolean;
  values: NamedText[];
};

export type Problem = {
  message: string;
  field?: string;
  column?: number;
};

export type Answer = {
  text: string;
  true: boolean;
  parts: PartHere[];
  event: boolean;
  error?: Problem;
};

export type Setting = {
  name: string;
  value: string;
  changed: boolean;
};

export type Scene = {
  setup: Setup;
  path: string;
  title: string;
  sentence: string;
  events: number;
  time: number;
  tick: string;
  ends: [EndInfo, EndInfo];
  transit: PacketInfo[];
  left: string;
  box?: BoxInfo;
  next: Choice[];
  ladder: Ladder;
  cursor: number;
  properties: PropertyHere[];
  answers: Answer[];
  settings: Setting[];
  way: [string, string][];
};

export type ImportRequest = {
  text: string;
  lang?: string;
};

export type Imported = {
  setup: Setup;
  path: string;
  loop: number;
  departs: string;
};

export type ExportRequest = {
  setup: Setup;
  path: string;
  lang?: string;
  loop: number;
  format: string;
  side: string;
};

export type Exported = {
  name: string;
  text: string;
  binary: boolean;
};

export type ParseRequest = {
  text: string;
  lang?: string;
};

export type Parsed = {
  error?: Problem;
};

export type ClaimsRequest = {
  lang?: string;
};

export type ClaimInfo = {
  id: string;
  quote: string;
  english: string;
};

export type FaultInfo = {
  name: string;
  meaning: string;
};

export type ClaimList = {
  claims: ClaimInfo[];
  profiles: string[];
  faults: FaultInfo[];
};

export type TowardRequest = {
  setup: Setup;
  path: string;
  lang?: string;
  expr: string;
  property: string;
};

export type Toward = {
  found: boolean;
  steps: number;
  path: string;
  states: number;
  incomplete: string[];
};

export type Question = {
  kind: string;
  text: string;
};

export type CheckRequest = {
  setup: Setup;
  lang?: string;
  kind: string;
  properties: string[] | null;
  ask: Question[];
};

export type Finding = {
  name: string;
  sentence: string;
  verdict: string;
  says: string;
  reason: string;
  known: boolean;
  why: string;
  change: string;
  steps: number;
  setup?: Setup;
  path: string;
  loop: number;
  assumed: string[];
};

export type Checked = {
  states: number;
  generated: number;
  depth: number;
  seconds: number;
  incomplete: string[];
  findings: Finding[];
};

export type MapRequest = {
  setup: Setup;
  lang?: string;
};

export type PairInfo = {
  a: string;
  b: string;
  states: number;
  ends: number;
  steps: number;
};

export type PairStep = {
  from: [string, string];
  to: [string, string];
  event: string;
  steps: number;
};

export type Map = {
  states: number;
  pairs: PairInfo[];
  steps: PairStep[];
  incomplete: string[];
};

export type DistancesRequest = {
  setup: Setup;
  path: string;
  lang?: string;
  ask: string[];
};

export type Way = {
  name: string;
  sentence: string;
  asked: boolean;
  steps: number;
  unknown: boolean;
};

export type Distances = {
  states: number;
  pairs: PairInfo[];
  ways: Way[];
  incomplete: string[];
  pairsincomplete: string[];
};

export type ClaimRequest = {
  id: string;
  lang?: string;
};

export type Run = {
  name: string;
  setup: Setup;
  path: string;
  loop: number;
  events: number;
};

export type Evidence = {
  part: string;
  says: string;
  truth: string;
  truthsays: string;
  found: string;
  run?: Run;
};

export type ClaimVerdict = {
  id: string;
  verdict: string;
  says: string;
  if: string;
  right: string;
  rightshown: boolean;
  why: string;
  evidence: Evidence[];
};

export type LoseRequest = {
  segment: number;
  always: boolean;
  profile: string;
  lang?: string;
};

export type LostSpan = {
  says: string;
  begins: boolean;
  endless: boolean;
  least: string;
  greatest: string;
  timers: [string[], string[]];
  runs: Run[];
};

export type LostEnding = {
  a: string;
  b: string;
  caused: boolean;
};

export type Lost = {
  always: boolean;
  says: string;
  profile: string;
  spans: LostSpan[];
  endings: LostEnding[];
  incomplete: string[];
};

export type MarginRequest = {
  setup: Setup;
  lang?: string;
};

export type MarginRow = {
  name: string;
  sentence: string;
  verdict: string;
  says: string;
  total: number;
  losses: number;
  copies: number;
  overtakings: number;
  atmost: boolean;
  run?: Run;
};

export type MarginTable = {
  states: number;
  rows: MarginRow[];
  incomplete: string[];
};

export type FaultRequest = {
  name: string;
  lang?: string;
};

export type Caught = {
  name: string;
  sentence: string;
  run?: Run;
};

export type FaultCaught = {
  states: number;
  complete: boolean;
  catches: Caught[];
};

export type ExplainRequest = {
  data: string;
  lang?: string;
};

export type Explained = {
  text: string;
  picture: string;
  broken: string;
};

export type Progress = {
  states: number;
  depth: number;
  memory: number;
  seconds: number;
};

export type Message = {
  progress?: Progress;
  result?: unknown;
  error?: Problem;
};

export type Methods = {
  catalogue: { request: CatalogueRequest; result: Catalogue };
  scene: { request: SceneRequest; result: Scene };
  import: { request: ImportRequest; result: Imported };
  export: { request: ExportRequest; result: Exported };
  parse: { request: ParseRequest; result: Parsed };
  claims: { request: ClaimsRequest; result: ClaimList };
  toward: { request: TowardRequest; result: Toward };
  check: { request: CheckRequest; result: Checked };
  map: { request: MapRequest; result: Map };
  distances: { request: DistancesRequest; result: Distances };
  claim: { request: ClaimRequest; result: ClaimVerdict };
  lose: { request: LoseRequest; result: Lost };
  margin: { request: MarginRequest; result: MarginTable };
  fault: { request: FaultRequest; result: FaultCaught };
  explain: { request: ExplainRequest; result: Explained };
};
