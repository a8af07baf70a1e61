-- The model of model.md with some of its other fields: windows, users that close in
-- full, abort, or never close, a host that crashes, and decisions. Loss, duplication and
-- reordering are unlimited, and users read at once. The first line of constants is
-- replaced by others in CI, and the number of states compared with that of
--   tcpclose check -properties figure-5
-- in the same configuration. BA, BB: octets of the buffers, -1 for unlimited. Of each side,
-- CLA, CLB: closes any-time, after-peer, never; PA, PB: close-is half, full, half-then-full;
-- FA, FB: fails no, abort, crash. The decisions are numbered as 'tcpclose list decisions'
-- has their alternatives.
const
  NA : 0; NB : 0; NM : 0;   -- octets; maximum of both
  M : 2; T : 1; R : 1; W : 4; C : 2;
  BA : -1; BB : -1; CLA : 0; CLB : 0; PA : 0; PB : 0; FA : 0; FB : 0;
  CLOSEDANSWER : 0; OFFSEQ : 0; TWRESTART : 0; TWRST : 0; TWACK : 0; CLOSINGACK : 0; LATEDATA : 0; CLOSINGTIMER : 0; ABORTSTATE : 0; LASTACKENTRY : 0;
  NEVER : 5;                -- of wait: W + 1
type
  Side : 0..1;
  Num : 0..NM+1;
  LenT : 0..NM;
  Ctl : enum { cACK, cFINACK, cRST };
  St : enum { CLOSED, ESTABLISHED, FW1, FW2, CLOSEWAIT, CLOSING, LASTACK, TIMEWAIT };
  Age : 0..M;                        -- 0 absent, else age+1
  Endpoint : record
    state : St;
    una : Num; nxt : Num; rcv : Num; written : Num;
    cuts : array [Num] of boolean;
    rtx : 0..R; rto : 0..T; wait : 0..W+1; queued : 0..NM+2; orphan : boolean; wl1 : Num; wl2 : Num;
  end;
  Chan : array [Num] of array [Num] of array [LenT] of array [Ctl] of Age;
var
  ep : array [Side] of Endpoint;
  ch : array [Side] of Chan;         -- ch[i]: sent by i

function octets(i : Side) : LenT;
begin
  if i = 0 then return NA; else return NB; end;
end;

function buffer(i : Side) : -1..8;
begin
  if i = 0 then return BA; else return BB; end;
end;

function blocked(i : Side) : boolean;
begin
  return ep[i].queued > ep[i].nxt;
end;

function closecalled(i : Side) : boolean;
begin
  if ep[i].state = CLOSED then return false; end;
  if ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT then return ep[i].queued > ep[i].written; end;
  return true;
end;

function outstanding(i : Side) : boolean;
begin
  return ep[i].una < ep[i].nxt;
end;

function due(i : Side) : boolean;
begin
  return ((outstanding(i) | blocked(i)) & ep[i].rto = 0) | (ep[i].state = TIMEWAIT & ep[i].wait = 0);
end;

procedure zero(i : Side);
begin
  ep[i].state := CLOSED;
  ep[i].una := 0; ep[i].nxt := 0; ep[i].rcv := 0; ep[i].written := 0;
  for n : Num do ep[i].cuts[n] := false; end;
  ep[i].rtx := 0; ep[i].rto := 0; ep[i].wait := 0;
  ep[i].queued := 0; ep[i].orphan := false; ep[i].wl1 := 0; ep[i].wl2 := 0;
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
  if !outstanding(i) then ep[i].rto := T; ep[i].rtx := 0; end;
  ep[i].cuts[s] := true;
  ep[i].nxt := e;
  emit(i, s, e);
end;

-- What the window has room for is sent; sent says whether anything is.
procedure output(i : Side; var sent : boolean);
var e : 0..100;
begin
  sent := false;
  if ep[i].state = CLOSED then return; end;
  e := ep[i].queued;
  if buffer(1-i) >= 0 & ep[i].una <= ep[i].written then
    if ep[i].una + buffer(1-i) < e then e := ep[i].una + buffer(1-i); end;
  end;
  if e > ep[i].nxt then
    sent := true;
    transmit(i, ep[i].nxt, e);
    if ep[i].nxt > ep[i].written & ep[i].state = CLOSEWAIT then ep[i].state := LASTACK; end;
    if !blocked(i) then ep[i].queued := 0; end;
  end;
end;

-- A timer starts where something begins to wait for the window.
procedure settle(i : Side; waited : boolean);
begin
  if ep[i].state = CLOSED then return; end;
  if ep[i].una > ep[i].written then ep[i].wl1 := 0; ep[i].wl2 := 0; end;
  if blocked(i) & !outstanding(i) & !waited then ep[i].rto := T; end;
end;

procedure enterTimeWait(i : Side);
begin
  ep[i].state := TIMEWAIT; ep[i].wait := W;
end;

procedure closecall(i : Side);
var waited : boolean; sent : boolean;
begin
  waited := blocked(i) & !outstanding(i);
  ep[i].queued := ep[i].written + 1;
  if ep[i].state = ESTABLISHED then ep[i].state := FW1;
  elsif ep[i].state = CLOSEWAIT & LASTACKENTRY = 1 then ep[i].state := LASTACK; end;
  output(i, sent);
  settle(i, waited);
end;

procedure retransmit(i : Side);
var e : Num;
begin
  if !outstanding(i) then            -- a window probe
    transmit(i, ep[i].nxt, ep[i].nxt + 1);
    if ep[i].nxt > ep[i].written & ep[i].state = CLOSEWAIT then ep[i].state := LASTACK; end;
    if !blocked(i) then ep[i].queued := 0; end;
  elsif ep[i].rtx = R then
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

-- Step 5, for ACK =< SndNxt; stop says that processing ends there, s is SEQ.
procedure readack(i : Side; s : Num; k : Num; var stop : boolean);
var finacked : boolean; probed : boolean;
begin
  stop := false;
  if ep[i].state = CLOSING & CLOSINGACK = 1 & k <= ep[i].written then stop := true; return; end;
  if k >= ep[i].una & buffer(1-i) >= 0 then
    if k > ep[i].una then
      for n : Num do if n < k then ep[i].cuts[n] := false; end; end;
      ep[i].una := k; ep[i].rtx := 0; ep[i].rto := 0;
      if outstanding(i) then ep[i].cuts[k] := true; end;
      if outstanding(i) | blocked(i) then ep[i].rto := T; end;
    else
      if buffer(1-i) = 0 & outstanding(i) & ep[i].una <= ep[i].written | blocked(i) & !outstanding(i) then
        ep[i].rtx := 0;
      end;
    end;
    if ep[i].wl1 < s | ep[i].wl1 = s & ep[i].wl2 <= k then ep[i].wl1 := s; ep[i].wl2 := k; end;
  elsif k > ep[i].una then
    for n : Num do if n < k then ep[i].cuts[n] := false; end; end;
    ep[i].una := k; ep[i].rtx := 0; ep[i].rto := 0;
    if outstanding(i) then ep[i].rto := T; ep[i].cuts[k] := true; end;
  end;
  finacked := ep[i].una > ep[i].written;
  if ep[i].state = FW1 then
    if finacked then ep[i].state := FW2; end;
  elsif ep[i].state = CLOSING then
    if finacked then
      enterTimeWait(i);
      if CLOSINGTIMER = 1 then ep[i].wait := NEVER; end;
    end;
    stop := true;
  elsif ep[i].state = LASTACK then
    if finacked then zero(i); stop := true; end;
  elsif ep[i].state = TIMEWAIT then
    stop := true;
  end;
end;

procedure arrive(i : Side; seq : Num; k : Num; len : LenT; c : Ctl);
var occ : 0..100; send_end : 0..100; edge : 0..100; mustack : boolean; stop : boolean; good : boolean; sent : boolean;
    waited : boolean; s : Num; l : LenT; fin : boolean; shut : boolean; answer : boolean;
begin
  if ep[i].state = CLOSED then
    if c != cRST & CLOSEDANSWER = 0 then send(i, k, 0, 0, cRST); end;
    return;
  end;
  waited := blocked(i) & !outstanding(i);
  mustack := false;
  s := seq; l := len; fin := c = cFINACK;
  occ := l;
  if fin then occ := occ + 1; end;
  send_end := s + occ;
  -- 1
  if buffer(i) < 0 then
    shut := false; edge := 100;
    good := (occ = 0 & s >= ep[i].rcv) | (occ > 0 & send_end > ep[i].rcv);
  else
    shut := buffer(i) = 0; edge := ep[i].rcv + buffer(i);
    if occ = 0 & shut then good := s = ep[i].rcv;
    elsif occ = 0 then good := ep[i].rcv <= s & s < edge;
    elsif shut then good := false;
    else good := ep[i].rcv <= s & s < edge | ep[i].rcv <= send_end - 1 & send_end - 1 < edge; end;
  end;
  if !good then
    if c = cRST then return; end;
    answer := true;
    if ep[i].state != TIMEWAIT & k <= ep[i].nxt then
      if shut & s >= ep[i].rcv then
        readack(i, s, k, stop);
        answer := occ > 0;
      elsif OFFSEQ = 1 then
        readack(i, s, k, stop);
      end;
    end;
    if ep[i].state = CLOSED then return; end;
    if ep[i].state = TIMEWAIT then
      if TWRESTART = 0 & fin & send_end = ep[i].rcv then ep[i].wait := W;
      elsif TWRESTART >= 2 then ep[i].wait := W; end;
    end;
    output(i, sent);
    if answer & !sent then ack(i); end;
    settle(i, waited);
    return;
  end;
  -- 2
  if c = cRST then
    if ep[i].state = TIMEWAIT & TWRST = 1 then return; end;
    if s != ep[i].rcv then
      output(i, sent);
      if !sent then ack(i); end;
      settle(i, waited);
    else zero(i); end;
    return;
  end;
  -- trimmed
  if s < ep[i].rcv then
    if ep[i].rcv - s < l then l := l - (ep[i].rcv - s); else l := 0; end;
    s := ep[i].rcv;
  end;
  occ := l;
  if fin then occ := occ + 1; end;
  if s + occ > edge then
    fin := false;
    if edge - s < l then l := edge - s; end;
    occ := l;
  end;
  -- ahead
  if s > ep[i].rcv then
    if OFFSEQ = 1 & ep[i].state != TIMEWAIT & k <= ep[i].nxt then readack(i, s, k, stop); end;
    if ep[i].state = CLOSED then return; end;
    output(i, sent);
    if ep[i].orphan & occ > 0 & (ep[i].state = ESTABLISHED | ep[i].state = FW1 | ep[i].state = FW2)
      & (LATEDATA = 2 | LATEDATA = 3 & k <= ep[i].nxt) then
      send(i, ep[i].nxt, 0, 0, cRST);
      zero(i);
      return;
    end;
    if ep[i].state = TIMEWAIT & TWRESTART = 3 then
      ep[i].wait := W;
      if !sent then ack(i); sent := true; end;
    end;
    if occ > 0 & !sent then ack(i); end;
    settle(i, waited);
    return;
  end;
  -- 5
  stop := false;
  if k > ep[i].nxt then
    mustack := true; stop := true;
  else
    if ep[i].state = TIMEWAIT & TWACK != 0 then
      if TWACK != 3 then ep[i].wait := W; end;
      if TWACK = 1 | TWACK = 3 | TWACK = 4 & occ > 0 then mustack := true; end;
    end;
    readack(i, s, k, stop);
  end;
  if ep[i].state = CLOSED then return; end;
  if !stop then
    -- 7
    if (ep[i].state = ESTABLISHED | ep[i].state = FW1 | ep[i].state = FW2) & l > 0 then
      if ep[i].orphan & LATEDATA != 1 then
        send(i, ep[i].nxt, 0, 0, cRST);
        zero(i);
        return;
      end;
      ep[i].rcv := s + l;
      mustack := true;
    end;
    -- 8
    if fin then
      if ep[i].state = ESTABLISHED then
        ep[i].state := CLOSEWAIT; ep[i].rcv := ep[i].rcv + 1; mustack := true;
      elsif ep[i].state = FW1 then
        ep[i].state := CLOSING; ep[i].rcv := ep[i].rcv + 1; mustack := true;
      elsif ep[i].state = FW2 then
        enterTimeWait(i); ep[i].rcv := ep[i].rcv + 1; mustack := true;
      end;
    end;
  end;
  output(i, sent);
  if mustack & !sent then ack(i); end;
  settle(i, waited);
end;

function tickchanges() : boolean;
begin
  for i : Side do
    if outstanding(i) | blocked(i) | ep[i].state = TIMEWAIT & ep[i].wait != NEVER then return true; end;
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
  rule "send" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & !closecalled(i) & ep[i].written < octets(i) ==>
  var sent : boolean; waited : boolean;
  begin
    waited := blocked(i) & !outstanding(i);
    ep[i].written := ep[i].written + 1;
    ep[i].queued := ep[i].written;
    output(i, sent);
    settle(i, waited);
  end;
  rule "hold" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & !closecalled(i) & ep[i].written < octets(i) ==>
  begin
    ep[i].written := ep[i].written + 1;
  end;
  rule "close" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & !closecalled(i) & !ep[i].orphan
    & (i = 0 & (CLA = 0 | CLA = 1 & ep[i].state = CLOSEWAIT) | i = 1 & (CLB = 0 | CLB = 1 & ep[i].state = CLOSEWAIT)) ==>
  begin
    if i = 0 & PA = 1 | i = 1 & PB = 1 then ep[i].orphan := true; end;
    closecall(i);
  end;
  rule "close for good" closecalled(i) & !ep[i].orphan & ep[i].state != TIMEWAIT & (i = 0 & PA = 2 | i = 1 & PB = 2) ==>
  begin
    ep[i].orphan := true;
  end;
  rule "abort" ep[i].state != CLOSED & !ep[i].orphan & (i = 0 & FA = 1 | i = 1 & FB = 1) ==>
  var n : Num; r : Num; st : St;
  begin
    n := ep[i].nxt; r := ep[i].rcv; st := ep[i].state;
    zero(i);
    if st = ESTABLISHED | st = FW1 | st = FW2 | st = CLOSEWAIT then
      if ABORTSTATE = 1 then
        ep[i].una := n; ep[i].nxt := n; ep[i].rcv := r; ep[i].written := n;
        enterTimeWait(i);
      end;
      send(i, n, 0, 0, cRST);
    end;
  end;
  rule "crash" ep[i].state != CLOSED & (i = 0 & FA = 2 | i = 1 & FB = 2) ==>
  begin
    zero(i);
  end;
  rule "retransmit" (outstanding(i) | blocked(i)) & ep[i].rto = 0 ==>
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
    if outstanding(i) | blocked(i) then ep[i].rto := ep[i].rto - 1; end;
    if ep[i].state = TIMEWAIT & ep[i].wait != NEVER then ep[i].wait := ep[i].wait - 1; end;
    for a : Num do for b : Num do for d : LenT do for e : Ctl do
      if ch[i][a][b][d][e] != 0 then
        if ch[i][a][b][d][e] = M then ch[i][a][b][d][e] := 0;
        else ch[i][a][b][d][e] := ch[i][a][b][d][e] + 1; end;
      end;
    end; end; end; end;
  end;
end;
