-- The model of model.md, written from that page alone: loss, duplication
-- and reordering unlimited, every decision at its default. The constants are those of
--   tcpclose check -preset no-data -msl 2 -rto 1 -r2 1
-- NA, NB: octets of each side; NM: the larger of them; M: MSL, T: RTO, R: R2,
-- W: TIME-WAIT, C: capacity.
const
  NA : 0; NB : 0; NM : 0;   -- octets; maximum of both
  M : 2; T : 1; R : 1; W : 4; C : 2;
type
  Side : 0..1;
  Num : 0..NM+1;
  LenT : 0..NM;
  Ctl : enum { cACK, cFINACK, cRST };
  St : enum { CLOSED, ESTABLISHED, FW1, FW2, CLOSEWAIT, CLOSING, LASTACK, TIMEWAIT };
  Age : 0..M;                        -- 0 absent, else age+1
  Endpoint : record
    state : St;
    una : Num; nxt : Num; rcv : Num; written : LenT;
    cuts : array [Num] of boolean;
    rtx : 0..R; rto : 0..T; wait : 0..W;
  end;
  Chan : array [Num] of array [Num] of array [LenT] of array [Ctl] of Age;
var
  ep : array [Side] of Endpoint;
  ch : array [Side] of Chan;         -- ch[i]: sent by i

function octets(i : Side) : LenT;
begin
  if i = 0 then return NA; else return NB; end;
end;

function outstanding(i : Side) : boolean;
begin
  return ep[i].una < ep[i].nxt;
end;

function due(i : Side) : boolean;
begin
  return (outstanding(i) & ep[i].rto = 0) | (ep[i].state = TIMEWAIT & ep[i].wait = 0);
end;

procedure zero(i : Side);
begin
  ep[i].state := CLOSED;
  ep[i].una := 0; ep[i].nxt := 0; ep[i].rcv := 0; ep[i].written := 0;
  for n : Num do ep[i].cuts[n] := false; end;
  ep[i].rtx := 0; ep[i].rto := 0; ep[i].wait := 0;
end;

procedure send(i : Side; s : Num; k : Num; l : LenT; c : Ctl);
var n : 0..1000;
begin
  n := 0;
  ch[i][s][k][l][c] := 0;            -- an older copy is dropped first
  for a : Num do for b : Num do for d : LenT do for e : Ctl do
    if ch[i][a][b][d][e] != 0 then n := n + 1; end;
  end; end; end; end;
  if n < C then ch[i][s][k][l][c] := 1; end;
end;

procedure ack(i : Side);
begin
  send(i, ep[i].nxt, ep[i].rcv, 0, cACK);
end;

procedure emit(i : Side; s : Num; e : Num);   -- numbers s..e-1 in a segment
begin
  if e > ep[i].written then
    send(i, s, ep[i].rcv, ep[i].written - s, cFINACK);
  else
    send(i, s, ep[i].rcv, e - s, cACK);
  end;
end;

procedure transmit(i : Side; s : Num; e : Num);
begin
  if !outstanding(i) then ep[i].rto := T; end;
  ep[i].cuts[s] := true;
  ep[i].nxt := e;
  emit(i, s, e);
end;

procedure retransmit(i : Side);
var e : Num;
begin
  if ep[i].rtx = R then
    zero(i);
  else
    ep[i].rtx := ep[i].rtx + 1;
    ep[i].rto := T;
    e := ep[i].nxt;
    for n : Num do
      if ep[i].cuts[n] & n > ep[i].una & n < e then e := n; end;
    end;
    emit(i, ep[i].una, e);
  end;
end;

procedure arrive(i : Side; s : Num; k : Num; l : LenT; c : Ctl);
var occ : 0..100; send_end : 0..100; mustack : boolean; finacked : boolean;
begin
  -- in CLOSED
  if ep[i].state = CLOSED then
    if c != cRST then send(i, k, 0, 0, cRST); end;
    return;
  end;
  occ := l;
  if c = cFINACK then occ := occ + 1; end;
  send_end := s + occ;
  -- 1
  if !((occ = 0 & s >= ep[i].rcv) | (occ > 0 & send_end > ep[i].rcv)) then
    if c = cRST then return; end;
    ack(i);
    if ep[i].state = TIMEWAIT & send_end = ep[i].rcv then ep[i].wait := W; end;
    return;
  end;
  -- 2
  if c = cRST then
    if s != ep[i].rcv then ack(i); else zero(i); end;
    return;
  end;
  -- ahead
  if s > ep[i].rcv then
    if occ > 0 then ack(i); end;
    return;
  end;
  -- 5
  if k > ep[i].nxt then ack(i); return; end;
  if k > ep[i].una then
    for n : Num do if n < k then ep[i].cuts[n] := false; end; end;
    ep[i].una := k;
    ep[i].rtx := 0;
    if outstanding(i) then
      ep[i].rto := T; ep[i].cuts[k] := true;
    else
      ep[i].rto := 0;
    end;
  end;
  finacked := ep[i].una > ep[i].written;
  if ep[i].state = FW1 then
    if finacked then ep[i].state := FW2; end;
  elsif ep[i].state = CLOSING then
    if finacked then ep[i].state := TIMEWAIT; ep[i].wait := W; end;
    return;
  elsif ep[i].state = LASTACK then
    if finacked then zero(i); return; end;
  elsif ep[i].state = TIMEWAIT then
    return;
  end;
  -- 7
  mustack := false;
  if (ep[i].state = ESTABLISHED | ep[i].state = FW1 | ep[i].state = FW2) & s + l > ep[i].rcv then
    ep[i].rcv := s + l;
    mustack := true;
  end;
  -- 8
  if c = cFINACK then
    if ep[i].state = ESTABLISHED then
      ep[i].state := CLOSEWAIT; ep[i].rcv := ep[i].rcv + 1; mustack := true;
    elsif ep[i].state = FW1 then
      ep[i].state := CLOSING; ep[i].rcv := ep[i].rcv + 1; mustack := true;
    elsif ep[i].state = FW2 then
      ep[i].state := TIMEWAIT; ep[i].wait := W; ep[i].rcv := ep[i].rcv + 1; mustack := true;
    end;
  end;
  if mustack then ack(i); end;
end;

function tickchanges() : boolean;
begin
  for i : Side do
    if outstanding(i) | ep[i].state = TIMEWAIT then return true; end;
    for a : Num do for b : Num do for d : LenT do for e : Ctl do
      if ch[i][a][b][d][e] != 0 then return true; end;
    end; end; end; end;
  end;
  return false;
end;

startstate begin
  for i : Side do
    zero(i);
    ep[i].state := ESTABLISHED;
    for a : Num do for b : Num do for d : LenT do for e : Ctl do
      ch[i][a][b][d][e] := 0;
    end; end; end; end;
  end;
end;

ruleset i : Side do
  rule "send" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & ep[i].written < octets(i) ==>
  begin
    ep[i].written := ep[i].written + 1;
    transmit(i, ep[i].nxt, ep[i].written);
  end;
  rule "hold" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & ep[i].written < octets(i) ==>
  begin
    ep[i].written := ep[i].written + 1;
  end;
  rule "close" ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT ==>
  begin
    transmit(i, ep[i].nxt, ep[i].written + 1);
    if ep[i].state = ESTABLISHED then ep[i].state := FW1; else ep[i].state := LASTACK; end;
  end;
  rule "retransmit" outstanding(i) & ep[i].rto = 0 ==>
  begin
    retransmit(i);
  end;
  rule "time-wait ends" ep[i].state = TIMEWAIT & ep[i].wait = 0 ==>
  begin
    zero(i);
  end;
  ruleset s : Num; k : Num; l : LenT; c : Ctl do
    rule "deliver" ch[i][s][k][l][c] != 0 ==>
    begin
      ch[i][s][k][l][c] := 0;
      arrive(1 - i, s, k, l, c);
    end;
    rule "duplicate" ch[i][s][k][l][c] != 0 ==>
    begin
      arrive(1 - i, s, k, l, c);
    end;
    rule "lose" ch[i][s][k][l][c] != 0 ==>
    begin
      ch[i][s][k][l][c] := 0;
    end;
  end;
end;

rule "tick" !due(0) & !due(1) & tickchanges() ==>
begin
  for i : Side do
    if outstanding(i) then ep[i].rto := ep[i].rto - 1; end;
    if ep[i].state = TIMEWAIT then ep[i].wait := ep[i].wait - 1; end;
    for a : Num do for b : Num do for d : LenT do for e : Ctl do
      if ch[i][a][b][d][e] != 0 then
        if ch[i][a][b][d][e] = M then ch[i][a][b][d][e] := 0;
        else ch[i][a][b][d][e] := ch[i][a][b][d][e] + 1; end;
      end;
    end; end; end; end;
  end;
end;
