-- The model of model.md with its opening: start=closed. Loss, duplication and reordering are
-- unlimited, and every decision is at its default. The first line of constants is replaced
-- by others in CI. The first connection begins at First = 1: the SYN has the number 0. Of
-- each side, OPA, OPB: opens actively, passively, either; CLA, CLB: closes any-time,
-- after-peer, never; FA, FB: fails no, abort, crash.
const
  NA : 0; NB : 0; NM : 0;   -- octets; maximum of both
  M : 2; T : 1; R : 1; W : 4; C : 2;
  OPA : 0; OPB : 1; CLA : 0; CLB : 0; FA : 0; FB : 0;
type
  Side : 0..1;
  Num : 0..NM+2;
  LenT : 0..NM;
  Ctl : enum { cACK, cFINACK, cRST, cRSTACK, cSYN, cSYNACK };
  St : enum { CLOSED, LISTEN, SYNSENT, SYNRCVD, ESTABLISHED, FW1, FW2, CLOSEWAIT, CLOSING, LASTACK, TIMEWAIT };
  Age : 0..M;                        -- 0 absent, else age+1
  Endpoint : record
    state : St;
    una : Num; nxt : Num; rcv : Num; written : Num;
    cuts : array [Num] of boolean;
    rtx : 0..R; rto : 0..T; wait : 0..W;
    passive : boolean;               -- SYN-RECEIVED comes from LISTEN
    used : boolean;                  -- its only connection was opened
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
  ep[i].passive := false;            -- used stays
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
  if s = 0 then                      -- a SYN is a segment of its own
    if ep[i].state = SYNSENT then send(i, 0, 0, 0, cSYN); else send(i, 0, ep[i].rcv, 0, cSYNACK); end;
  elsif e > ep[i].written then
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

procedure listen(i : Side);
begin
  zero(i);
  ep[i].state := LISTEN; ep[i].una := 1; ep[i].nxt := 1; ep[i].written := 1;
end;

procedure synchronize(i : Side; to_ : St);    -- sends the SYN
begin
  ep[i].state := to_; ep[i].una := 0; ep[i].nxt := 1; ep[i].written := 1; ep[i].rto := T;
  emit(i, 0, 1);
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

procedure advance(i : Side; k : Num);
begin
  for n : Num do if n < k then ep[i].cuts[n] := false; end; end;
  ep[i].una := k;
  ep[i].rtx := 0;
  if outstanding(i) then
    ep[i].rto := T; ep[i].cuts[k] := true;
  else
    ep[i].rto := 0;
  end;
end;

procedure arrive(i : Side; s : Num; k : Num; l : LenT; c : Ctl);
var occ : 0..100; send_end : 0..100; mustack : boolean; finacked : boolean; rst : boolean; syn : boolean; acks : boolean;
begin
  rst := c = cRST | c = cRSTACK;
  syn := c = cSYN | c = cSYNACK;
  acks := !(c = cRST | c = cSYN);
  if ep[i].state = CLOSED then
    if rst then return; end;
    if acks then send(i, k, 0, 0, cRST); else send(i, 0, s + 1, 0, cRSTACK); end;
    return;
  end;
  if ep[i].state = LISTEN then       -- 3.10.7.2
    if rst then return; end;
    if acks then send(i, k, 0, 0, cRST); return; end;
    ep[i].rcv := s + 1; ep[i].passive := true;
    synchronize(i, SYNRCVD);
    return;
  end;
  if ep[i].state = SYNSENT then      -- 3.10.7.3; ISS is 0
    if acks & (k = 0 | k > ep[i].nxt) then
      if !rst then send(i, k, 0, 0, cRST); end;
      return;
    end;
    if rst then
      if acks then zero(i); end;
      return;
    end;
    if !syn then return; end;
    ep[i].rcv := s + 1;
    if acks then
      advance(i, k);
      ep[i].state := ESTABLISHED;
      ack(i);
    else
      synchronize(i, SYNRCVD);       -- Rtx stays
    end;
    return;
  end;
  occ := l;
  if c = cFINACK | syn then occ := occ + 1; end;
  send_end := s + occ;
  -- 1
  if !((occ = 0 & s >= ep[i].rcv) | (occ > 0 & send_end > ep[i].rcv)) then
    if rst then return; end;
    ack(i);
    if ep[i].state = TIMEWAIT & c = cFINACK & send_end = ep[i].rcv then ep[i].wait := W; end;
    return;
  end;
  -- 2
  if rst then
    if s != ep[i].rcv then ack(i);
    elsif ep[i].state = SYNRCVD & ep[i].passive then listen(i);
    else zero(i); end;
    return;
  end;
  -- 4: a SYN in the window
  if syn then
    if ep[i].state = SYNRCVD & ep[i].passive then listen(i); else ack(i); end;
    return;
  end;
  -- ahead
  if s > ep[i].rcv then
    if occ > 0 then ack(i); end;
    return;
  end;
  -- 5
  if ep[i].state = SYNRCVD then
    if k <= ep[i].una | k > ep[i].nxt then send(i, k, 0, 0, cRST); return; end;
    ep[i].state := ESTABLISHED; ep[i].passive := false;
  end;
  if k > ep[i].nxt then ack(i); return; end;
  if k > ep[i].una then advance(i, k); end;
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
    ep[i].used := false;
    for a : Num do for b : Num do for d : LenT do for e : Ctl do
      ch[i][a][b][d][e] := 0;
    end; end; end; end;
  end;
end;

ruleset i : Side do
  rule "open" (ep[i].state = CLOSED & !ep[i].used & (i = 0 & OPA != 1 | i = 1 & OPB != 1))
    | (ep[i].state = LISTEN & (i = 0 & OPA = 2 | i = 1 & OPB = 2)) ==>
  begin
    ep[i].used := true;
    synchronize(i, SYNSENT);
  end;
  rule "open (passive)" ep[i].state = CLOSED & !ep[i].used & (i = 0 & OPA != 0 | i = 1 & OPB != 0) ==>
  begin
    ep[i].used := true;
    listen(i);
  end;
  rule "send" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & ep[i].written < octets(i) + 1 ==>
  begin
    ep[i].written := ep[i].written + 1;
    transmit(i, ep[i].nxt, ep[i].written);
  end;
  rule "hold" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & ep[i].written < octets(i) + 1 ==>
  begin
    ep[i].written := ep[i].written + 1;
  end;
  rule "close" (ep[i].state = LISTEN | ep[i].state = SYNSENT | ep[i].state = SYNRCVD | ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT)
    & (i = 0 & (CLA = 0 | CLA = 1 & ep[i].state = CLOSEWAIT) | i = 1 & (CLB = 0 | CLB = 1 & ep[i].state = CLOSEWAIT)) ==>
  begin
    if ep[i].state = LISTEN | ep[i].state = SYNSENT then
      zero(i);
    else
      ep[i].passive := false;
      transmit(i, ep[i].nxt, ep[i].written + 1);
      if ep[i].state = CLOSEWAIT then ep[i].state := LASTACK; else ep[i].state := FW1; end;
    end;
  end;
  rule "abort" ep[i].state != CLOSED & (i = 0 & FA = 1 | i = 1 & FB = 1) ==>
  var n : Num; st : St;
  begin
    n := ep[i].nxt; st := ep[i].state;
    zero(i);
    if st = SYNRCVD | st = ESTABLISHED | st = FW1 | st = FW2 | st = CLOSEWAIT then send(i, n, 0, 0, cRST); end;
  end;
  rule "crash" ep[i].state != CLOSED & (i = 0 & FA = 2 | i = 1 & FB = 2) ==>
  begin
    zero(i);
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
