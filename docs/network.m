-- The model of model.md on a limited network, with slow readers, windows that segments tell
-- of, and delayed acknowledgements; every decision is at its default. The first lines of
-- constants are replaced by others in CI. LOSS, DUP, REO: how often the network loses,
-- copies and overtakes, -1 for without limit. Of each side, BA, BB: octets of the buffer, -1
-- for unlimited; RA, RB: reads at-once, slowly, never; CLA, CLB: closes any-time,
-- after-peer, never. DA: ticks for which an acknowledgement may wait, 0 for off.
const
  NA : 0; NB : 0; NM : 0;   -- octets; maximum of both
  M : 2; T : 1; R : 1; W : 4; C : 2;
  LOSS : -1; DUP : -1; REO : -1; LM : 0; DM : 0; OM : 0;   -- LM, DM, OM: the same, 0 for -1
  BA : -1; BB : -1; BM : 0; RA : 0; RB : 0; CLA : 0; CLB : 0; DA : 0;   -- BM: the larger buffer
type
  Side : 0..1;
  Num : 0..NM+1;
  LenT : 0..NM;
  Ctl : 0..2;                        -- ACK; FIN,ACK; RST
  St : enum { CLOSED, ESTABLISHED, FW1, FW2, CLOSEWAIT, CLOSING, LASTACK, TIMEWAIT };
  Packet : record
    s : Num; k : Num; l : LenT; c : Ctl; wnd : 0..BM;
    age : 0..M; spare : boolean;     -- it has been delivered before
  end;
  Endpoint : record
    state : St;
    una : Num; nxt : Num; rcv : Num; written : Num;
    cuts : array [Num] of boolean;
    rtx : 0..R; rto : 0..T; wait : 0..W; queued : 0..NM+2;
    wnd : 0..BM; wl1 : Num; wl2 : Num;   -- SndWnd, SndWl1, SndWl2
    unread : LenT; owes : boolean; ackdelay : 0..DA;
  end;
  Place : 0..C-1;
  Chan : record n : 0..C; p : array [Place] of Packet; end;
var
  ep : array [Side] of Endpoint;
  ch : array [Side] of Chan;         -- ch[i]: sent by i
  losses : 0..LM; copies : 0..DM; overtakings : 0..OM;   -- the budget

function octets(i : Side) : LenT;
begin
  if i = 0 then return NA; else return NB; end;
end;

function buffer(i : Side) : -1..8;
begin
  if i = 0 then return BA; else return BB; end;
end;

function reads(i : Side) : 0..2;
begin
  if i = 0 then return RA; else return RB; end;
end;

-- RCV.WND, where the buffer is limited.
function window(i : Side) : 0..BM;
begin
  if buffer(i) < 0 | ep[i].state = CLOSED then return 0; end;
  return buffer(i) - ep[i].unread;
end;

function outstanding(i : Side) : boolean;
begin
  return ep[i].una < ep[i].nxt;
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

function finreceived(i : Side) : boolean;
begin
  return ep[i].state = CLOSEWAIT | ep[i].state = CLOSING | ep[i].state = LASTACK | ep[i].state = TIMEWAIT;
end;

function due(i : Side) : boolean;
begin
  return ((outstanding(i) | blocked(i)) & ep[i].rto = 0) | (ep[i].state = TIMEWAIT & ep[i].wait = 0) | (ep[i].owes & ep[i].ackdelay = 0);
end;

-- CLOSED remembers nothing, or text that the user may still read.
procedure zero(i : Side; keeps : boolean);
var u : LenT;
begin
  if keeps then u := ep[i].unread; else u := 0; end;
  ep[i].state := CLOSED;
  ep[i].una := 0; ep[i].nxt := 0; ep[i].rcv := 0; ep[i].written := 0;
  for n : Num do ep[i].cuts[n] := false; end;
  ep[i].rtx := 0; ep[i].rto := 0; ep[i].wait := 0; ep[i].queued := 0;
  ep[i].wnd := 0; ep[i].wl1 := 0; ep[i].wl2 := 0; ep[i].owes := false; ep[i].ackdelay := 0;
  if reads(i) = 1 then ep[i].unread := u; else ep[i].unread := 0; end;
end;

procedure blank(var p : Packet);
begin
  p.s := 0; p.k := 0; p.l := 0; p.c := 0; p.wnd := 0; p.age := 0; p.spare := false;
end;

function same(p : Packet; q : Packet) : boolean;   -- apart from age
begin
  return p.s = q.s & p.k = q.k & p.l = q.l & p.c = q.c & p.wnd = q.wnd & p.spare = q.spare;
end;

function before(p : Packet; q : Packet) : boolean;   -- any order will do
begin
  if p.s != q.s then return p.s < q.s; end;
  if p.k != q.k then return p.k < q.k; end;
  if p.l != q.l then return p.l < q.l; end;
  if p.c != q.c then return p.c < q.c; end;
  if p.wnd != q.wnd then return p.wnd < q.wnd; end;
  if p.spare != q.spare then return q.spare; end;
  return p.age < q.age;
end;

procedure remove(i : Side; at : Place);
begin
  for n : Place do
    if n >= at & n + 1 < ch[i].n then ch[i].p[n] := ch[i].p[n + 1]; end;
  end;
  ch[i].n := ch[i].n - 1;
  blank(ch[i].p[ch[i].n]);
end;

-- Where overtaking is free the order is no matter: it is sorted.
procedure sort(i : Side);
var q : Packet;
begin
  if REO >= 0 then return; end;
  for a : Place do for b : Place do
    if b + 1 < ch[i].n then
      if before(ch[i].p[b + 1], ch[i].p[b]) then
        q := ch[i].p[b]; ch[i].p[b] := ch[i].p[b + 1]; ch[i].p[b + 1] := q;
      end;
    end;
  end; end;
end;

procedure send(i : Side; s : Num; k : Num; l : LenT; c : Ctl; wnd : 0..BM);
var q : Packet; free : 0..C;
begin
  blank(q);
  q.s := s; q.k := k; q.l := l; q.c := c; q.wnd := wnd;
  if LOSS < 0 & DUP < 0 & REO < 0 then   -- an older copy is dropped first
    free := C;
    for n : Place do if n < ch[i].n then if same(ch[i].p[n], q) then free := n; end; end; end;
    if free < C then remove(i, free); end;
  end;
  if ch[i].n = C & LOSS >= 0 then        -- a spare makes room
    free := C;
    for n : Place do if free = C & ch[i].p[n].spare then free := n; end; end;
    if free < C then remove(i, free); end;
  end;
  if ch[i].n < C then
    ch[i].p[ch[i].n] := q;
    ch[i].n := ch[i].n + 1;
    sort(i);
  elsif LOSS >= 0 then
    if losses = 0 then error "capacity"; end;
    losses := losses - 1;
  end;
end;

procedure acked(i : Side);
begin
  ep[i].owes := false; ep[i].ackdelay := 0;
end;

procedure ack(i : Side);
begin
  acked(i);
  send(i, ep[i].nxt, ep[i].rcv, 0, 0, window(i));
end;

procedure emit(i : Side; s : Num; e : Num);   -- numbers s..e-1 in a segment
begin
  acked(i);
  if e > ep[i].written then
    send(i, s, ep[i].rcv, ep[i].written - s, 1, window(i));
  else
    send(i, s, ep[i].rcv, e - s, 0, window(i));
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
  if buffer(1-i) >= 0 then
    if ep[i].una + ep[i].wnd < e then e := ep[i].una + ep[i].wnd; end;
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
  if ep[i].una > ep[i].written then ep[i].wnd := 0; ep[i].wl1 := 0; ep[i].wl2 := 0; end;
  if blocked(i) & !outstanding(i) & !waited then ep[i].rto := T; end;
end;

procedure retransmit(i : Side);
var e : Num;
begin
  if !outstanding(i) then            -- a window probe
    transmit(i, ep[i].nxt, ep[i].nxt + 1);
    if ep[i].nxt > ep[i].written & ep[i].state = CLOSEWAIT then ep[i].state := LASTACK; end;
    if !blocked(i) then ep[i].queued := 0; end;
  elsif ep[i].rtx = R then
    zero(i, false);
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
procedure readack(i : Side; s : Num; k : Num; wnd : 0..BM; var stop : boolean);
var finacked : boolean; again : boolean;
begin
  stop := false;
  if k > ep[i].una then
    for n : Num do if n < k then ep[i].cuts[n] := false; end; end;
    ep[i].una := k; ep[i].rtx := 0; ep[i].rto := 0;
    if outstanding(i) then ep[i].cuts[k] := true; end;
    if outstanding(i) | blocked(i) then ep[i].rto := T; end;
    again := false;
  else
    again := k = ep[i].una;
  end;
  if k >= ep[i].una & buffer(1-i) >= 0 then
    if ep[i].wl1 < s | ep[i].wl1 = s & ep[i].wl2 <= k then ep[i].wnd := wnd; ep[i].wl1 := s; ep[i].wl2 := k; end;
  end;
  -- a probe was answered
  if again & buffer(1-i) >= 0 & (ep[i].wnd = 0 & outstanding(i) & ep[i].una <= ep[i].written | blocked(i) & !outstanding(i)) then
    ep[i].rtx := 0;
  end;
  finacked := ep[i].una > ep[i].written;
  if ep[i].state = FW1 then
    if finacked then ep[i].state := FW2; end;
  elsif ep[i].state = CLOSING then
    if finacked then ep[i].state := TIMEWAIT; ep[i].wait := W; end;
    stop := true;
  elsif ep[i].state = LASTACK then
    if finacked then zero(i, true); stop := true; end;
  elsif ep[i].state = TIMEWAIT then
    stop := true;
  end;
end;

procedure arrive(i : Side; q : Packet);
var occ : 0..100; send_end : 0..100; edge : 0..100; now : boolean; later : boolean; stop : boolean; good : boolean; sent : boolean;
    waited : boolean; s : Num; k : Num; l : LenT; fin : boolean; shut : boolean; answer : boolean;
begin
  if ep[i].state = CLOSED then
    if q.c != 2 then send(i, q.k, 0, 0, 2, 0); end;
    return;
  end;
  waited := blocked(i) & !outstanding(i);
  now := false; later := false;
  s := q.s; k := q.k; l := q.l; fin := q.c = 1;
  occ := l;
  if fin then occ := occ + 1; end;
  send_end := s + occ;
  -- 1
  if buffer(i) < 0 then
    shut := false; edge := 100;
    good := (occ = 0 & s >= ep[i].rcv) | (occ > 0 & send_end > ep[i].rcv);
  else
    shut := window(i) = 0; edge := ep[i].rcv + window(i);
    if occ = 0 & shut then good := s = ep[i].rcv;
    elsif occ = 0 then good := ep[i].rcv <= s & s < edge;
    elsif shut then good := false;
    else good := ep[i].rcv <= s & s < edge | ep[i].rcv <= send_end - 1 & send_end - 1 < edge; end;
  end;
  if !good then
    if q.c = 2 then return; end;
    answer := true;
    if ep[i].state != TIMEWAIT & k <= ep[i].nxt & shut & s >= ep[i].rcv then
      readack(i, s, k, q.wnd, stop);
      answer := occ > 0;
    end;
    if ep[i].state = CLOSED then return; end;
    if ep[i].state = TIMEWAIT & fin & send_end = ep[i].rcv then ep[i].wait := W; end;
    output(i, sent);
    if answer & !sent then ack(i); end;
    settle(i, waited);
    return;
  end;
  -- 2
  if q.c = 2 then
    if s != ep[i].rcv then
      output(i, sent);
      if !sent then ack(i); end;
      settle(i, waited);
    else
      zero(i, ep[i].state = CLOSING | ep[i].state = LASTACK | ep[i].state = TIMEWAIT);
    end;
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
    output(i, sent);
    if occ > 0 & !sent then ack(i); end;
    settle(i, waited);
    return;
  end;
  -- 5
  stop := false;
  if k > ep[i].nxt then
    now := true; stop := true;
  else
    readack(i, s, k, q.wnd, stop);
  end;
  if ep[i].state = CLOSED then return; end;
  if !stop then
    -- 7
    if (ep[i].state = ESTABLISHED | ep[i].state = FW1 | ep[i].state = FW2) & l > 0 then
      ep[i].rcv := s + l;
      if reads(i) != 0 then ep[i].unread := ep[i].unread + l; end;
      later := true;
    end;
    -- 8
    if fin then
      if ep[i].state = ESTABLISHED then
        ep[i].state := CLOSEWAIT; ep[i].rcv := ep[i].rcv + 1; later := true;
      elsif ep[i].state = FW1 then
        ep[i].state := CLOSING; ep[i].rcv := ep[i].rcv + 1; now := true;
      elsif ep[i].state = FW2 then
        ep[i].state := TIMEWAIT; ep[i].wait := W; ep[i].rcv := ep[i].rcv + 1; now := true;
      end;
    end;
  end;
  output(i, sent);
  if !sent & (now | later & (DA = 0 | ep[i].owes)) then ack(i);
  elsif !sent & later then ep[i].owes := true; ep[i].ackdelay := DA; end;
  settle(i, waited);
end;

function tickchanges() : boolean;
begin
  for i : Side do
    if outstanding(i) | blocked(i) | ep[i].state = TIMEWAIT | ep[i].owes | ch[i].n > 0 then return true; end;
  end;
  return false;
end;

-- Segments that a tick makes too old, and that were never delivered.
function toolate() : 0..100;
var n : 0..100;
begin
  n := 0;
  for i : Side do for p : Place do
    if p < ch[i].n & ch[i].p[p].age = M - 1 & !ch[i].p[p].spare then n := n + 1; end;
  end; end;
  return n;
end;

startstate begin
  losses := LM; copies := DM; overtakings := OM;
  for i : Side do
    ep[i].unread := 0;
    zero(i, false);
    ep[i].state := ESTABLISHED;
    if buffer(1-i) >= 0 then ep[i].wnd := buffer(1-i); end;
    ch[i].n := 0;
    for p : Place do blank(ch[i].p[p]); end;
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
  rule "close" (ep[i].state = ESTABLISHED | ep[i].state = CLOSEWAIT) & !closecalled(i)
    & (i = 0 & (CLA = 0 | CLA = 1 & ep[i].state = CLOSEWAIT & ep[i].unread = 0) | i = 1 & (CLB = 0 | CLB = 1 & ep[i].state = CLOSEWAIT & ep[i].unread = 0)) ==>
  var sent : boolean; waited : boolean;
  begin
    waited := blocked(i) & !outstanding(i);
    ep[i].queued := ep[i].written + 1;
    if ep[i].state = ESTABLISHED then ep[i].state := FW1; end;
    output(i, sent);
    settle(i, waited);
  end;
  rule "receive" reads(i) = 1 & ep[i].unread > 0 ==>
  var shut : boolean;
  begin
    shut := buffer(i) >= 0 & window(i) = 0;
    ep[i].unread := ep[i].unread - 1;
    if shut & ep[i].state != CLOSED & !finreceived(i) then ack(i); end;
  end;
  rule "retransmit" (outstanding(i) | blocked(i)) & ep[i].rto = 0 ==>
  begin
    retransmit(i);
  end;
  rule "acknowledge late" ep[i].owes & ep[i].ackdelay = 0 ==>
  begin
    ack(i);
  end;
  rule "time-wait ends" ep[i].state = TIMEWAIT & ep[i].wait = 0 ==>
  begin
    zero(i, true);
  end;
  ruleset p : Place do
    rule "deliver" p < ch[i].n & (p = 0 | ch[i].p[p] != ch[i].p[p-1]) & (REO < 0 | p = 0 | overtakings > 0) ==>
    var q : Packet;
    begin
      q := ch[i].p[p];
      if REO >= 0 & p > 0 then overtakings := overtakings - 1; end;
      remove(i, p);
      arrive(1 - i, q);
    end;
    rule "duplicate" p < ch[i].n & (p = 0 | ch[i].p[p] != ch[i].p[p-1]) & (REO < 0 | p = 0 | overtakings > 0) & (DUP < 0 | copies > 0) ==>
    var q : Packet;
    begin
      q := ch[i].p[p];
      if REO >= 0 & p > 0 then overtakings := overtakings - 1; end;
      if DUP >= 0 then copies := copies - 1; end;
      if LOSS >= 0 then ch[i].p[p].spare := true; sort(i); end;
      arrive(1 - i, q);
    end;
    rule "lose" p < ch[i].n & (p = 0 | ch[i].p[p] != ch[i].p[p-1]) & (LOSS < 0 | losses > 0 | ch[i].p[p].spare) ==>
    begin
      if LOSS >= 0 & !ch[i].p[p].spare then losses := losses - 1; end;
      remove(i, p);
    end;
  end;
end;

rule "tick" !due(0) & !due(1) & tickchanges() & (LOSS < 0 | toolate() <= losses) ==>
var at : 0..C;
begin
  if LOSS >= 0 then losses := losses - toolate(); end;
  for i : Side do
    if outstanding(i) | blocked(i) then ep[i].rto := ep[i].rto - 1; end;
    if ep[i].state = TIMEWAIT then ep[i].wait := ep[i].wait - 1; end;
    if ep[i].owes then ep[i].ackdelay := ep[i].ackdelay - 1; end;
    for p : Place do if p < ch[i].n then ch[i].p[p].age := ch[i].p[p].age + 1; end; end;
    for p : Place do
      at := C - 1 - p;
      if at < ch[i].n then if ch[i].p[at].age = M then remove(i, at); end; end;
    end;
    sort(i);
  end;
end;
