-- TERM-BENCH for rumur; bench/termbench has it in words. The benchmark writes before it D,
-- the units of data each way, R, the retransmissions of the oldest unit, and T, the RTO in ticks.
const
  M: 2; -- MSL in ticks
  N: D + 1;
  NONE: 0; ACK: 1; DATA: 2; FIN: 3; -- numbers, because they are ordered

type
  side: 0 .. 1;
  number: 0 .. N;
  state: enum { ESTAB, FW1, FW2, CLG, TW, CW, LA, CLOSED };
  kind: NONE .. FIN;
  segment: record kind: kind; seq: number; ack: number; age: 0 .. M - 1; end;
  endpoint: record
    st: state; una: number; nxt: number; rcv: number;
    rtx: 0 .. R; rto: 0 .. T; tw: 0 .. 2 * M;
  end;

var
  -- Sent by e and under way; the later place is taken only if the earlier one is,
  -- and of two different segments the one that comes later in order stands first.
  hi: array [side] of segment;
  lo: array [side] of segment;
  ends: array [side] of endpoint;

function before(a: segment; b: segment): boolean; begin
  if a.kind != b.kind then return a.kind < b.kind; endif;
  if a.seq != b.seq then return a.seq < b.seq; endif;
  if a.ack != b.ack then return a.ack < b.ack; endif;
  return a.age < b.age;
end;

function same(a: segment; b: segment): boolean; begin
  return a.kind = b.kind & a.seq = b.seq & a.ack = b.ack & a.age = b.age;
end;

procedure none(var s: segment); begin
  s.kind := NONE; s.seq := 0; s.ack := 0; s.age := 0;
end;

procedure emit(e: side; kind: kind; seq: number); var s: segment; begin
  if lo[e].kind = NONE then
    s.kind := kind; s.seq := seq; s.ack := ends[e].rcv; s.age := 0;
    if before(hi[e], s) then lo[e] := hi[e]; hi[e] := s; else lo[e] := s; endif;
  endif;
end;

procedure unit(e: side; seq: number); begin
  if seq < D then emit(e, DATA, seq); else emit(e, FIN, seq); endif;
end;

procedure shut(e: side); begin
  ends[e].st := CLOSED; ends[e].una := 0; ends[e].nxt := 0; ends[e].rcv := 0;
  ends[e].rtx := 0; ends[e].rto := 0; ends[e].tw := 0;
end;

function overdue(e: side): boolean; begin
  return ends[e].una < ends[e].nxt & ends[e].rto = 0;
end;

function expired(e: side): boolean; begin
  return ends[e].st = TW & ends[e].tw = 0;
end;

procedure receive(r: side; s: segment); begin
  alias e: ends[r] do
    if e.st = CLOSED then return; endif;
    if e.una < s.ack & s.ack <= e.nxt then
      e.una := s.ack; e.rtx := 0;
      if e.una < e.nxt then e.rto := T; else e.rto := 0; endif;
      if e.una = N then
        if e.st = FW1 then e.st := FW2;
        elsif e.st = CLG then e.st := TW; e.tw := 2 * M;
        elsif e.st = LA then shut(r); return; endif;
      endif;
    endif;
    if s.kind != ACK then
      if s.seq = e.rcv then
        e.rcv := e.rcv + 1;
        if s.kind = FIN then
          if e.st = ESTAB then e.st := CW;
          elsif e.st = FW1 then e.st := CLG;
          elsif e.st = FW2 then e.st := TW; e.tw := 2 * M; endif;
        endif;
      elsif s.kind = FIN & e.st = TW then e.tw := 2 * M; endif;
      emit(r, ACK, e.nxt);
    endif;
  end;
end;

procedure removeHi(e: side); begin
  hi[e] := lo[e]; none(lo[e]);
end;

procedure tick(e: side); begin
  if ends[e].una < ends[e].nxt then ends[e].rto := ends[e].rto - 1; endif;
  if ends[e].st = TW then ends[e].tw := ends[e].tw - 1; endif;
  if lo[e].kind != NONE then
    if lo[e].age + 1 = M then none(lo[e]); else lo[e].age := lo[e].age + 1; endif;
  endif;
  if hi[e].kind != NONE then
    if hi[e].age + 1 = M then removeHi(e); else hi[e].age := hi[e].age + 1; endif;
  endif;
end;

startstate begin
  for e: side do
    shut(e); ends[e].st := ESTAB; none(hi[e]); none(lo[e]);
  end;
end;

ruleset e: side do
  rule "call" ends[e].st = ESTAB | ends[e].st = CW ==> begin
    if ends[e].una = ends[e].nxt then ends[e].rto := T; endif;
    ends[e].nxt := ends[e].nxt + 1;
    if ends[e].nxt = N then
      if ends[e].st = ESTAB then ends[e].st := FW1; else ends[e].st := LA; endif;
    endif;
    unit(e, ends[e].nxt - 1);
  end;

  rule "timeout" overdue(e) ==> begin
    if ends[e].rtx < R then
      ends[e].rtx := ends[e].rtx + 1; ends[e].rto := T; unit(e, ends[e].una);
    else shut(e); endif;
  end;

  rule "time-wait ends" expired(e) ==> begin shut(e); end;

  rule "deliver" hi[e].kind != NONE ==> var s: segment; begin
    s := hi[e]; removeHi(e); receive(1 - e, s);
  end;

  rule "deliver the other" lo[e].kind != NONE & !same(hi[e], lo[e]) ==> var s: segment; begin
    s := lo[e]; none(lo[e]); receive(1 - e, s);
  end;

  rule "lose" hi[e].kind != NONE ==> begin removeHi(e); end;

  rule "lose the other" lo[e].kind != NONE & !same(hi[e], lo[e]) ==> begin none(lo[e]); end;

  rule "repeat" hi[e].kind != NONE & lo[e].kind = NONE ==> begin lo[e] := hi[e]; end;
end;

rule "tick" !overdue(0) & !overdue(1) & !expired(0) & !expired(1) ==> begin
  tick(0); tick(1);
end;
