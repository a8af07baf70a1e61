/* TERM-BENCH for SPIN, with D units of data each way (-DD=n); bench/termbench has
   it in words. One process whose steps are all indivisible, so that it has the
   states of the model and no others. A segment is a byte: kind, number,
   acknowledgment and age from the high bits to the low ones; 0 is none. */

/* -DR=n: retransmissions of the oldest unit; -DT=n: RTO in ticks */
#define M 2 /* MSL in ticks: ages are 0 and 1 */

#define ESTAB  0
#define FW1    1
#define FW2    2
#define CLG    3
#define TW     4
#define CW     5
#define LA     6
#define CLOSED 7

#define ACK  1
#define DATA 2
#define FIN  3

byte st[2], una[2], nxt[2], rcv[2], rtx[2], rto[2], tw[2];
byte hi[2], lo[2]; /* sent by e and under way, the larger one first */

hidden byte s, k, n;

#define SEGMENT(kind, seq, ack) (((kind) << 5) | ((seq) << 3) | ((ack) << 1))
#define UNIT(e, seq) ((seq) < D -> SEGMENT(DATA, seq, rcv[e]) : SEGMENT(FIN, seq, rcv[e]))
#define OVERDUE(e) (una[e] < nxt[e] && rto[e] == 0)
#define EXPIRED(e) (st[e] == TW && tw[e] == 0)

inline emit(e) { /* s */
  if
  :: lo[e] != 0
  :: lo[e] == 0 && s > hi[e] -> lo[e] = hi[e]; hi[e] = s
  :: lo[e] == 0 && s <= hi[e] -> lo[e] = s
  fi
}

inline shut(e) {
  st[e] = CLOSED; una[e] = 0; nxt[e] = 0; rcv[e] = 0; rtx[e] = 0; rto[e] = 0; tw[e] = 0
}

inline call(e) {
  s = UNIT(e, nxt[e]);
  if
  :: una[e] == nxt[e] -> rto[e] = T
  :: else
  fi;
  if
  :: nxt[e] < D
  :: nxt[e] == D && st[e] == ESTAB -> st[e] = FW1
  :: nxt[e] == D && st[e] == CW -> st[e] = LA
  fi;
  nxt[e] = nxt[e] + 1;
  emit(e)
}

inline expire(e) {
  if
  :: rtx[e] < R -> rtx[e] = rtx[e] + 1; rto[e] = T; s = UNIT(e, una[e]); emit(e)
  :: else -> shut(e)
  fi
}

inline receive(r) { /* s, sent by 1-r */
  if
  :: st[r] == CLOSED
  :: else ->
    k = s >> 5; n = (s >> 1) & 3;
    if
    :: una[r] < n && n <= nxt[r] ->
      una[r] = n; rtx[r] = 0; rto[r] = (n < nxt[r] -> T : 0);
      if
      :: n == D+1 && st[r] == FW1 -> st[r] = FW2
      :: n == D+1 && st[r] == CLG -> st[r] = TW; tw[r] = 2*M
      :: n == D+1 && st[r] == LA -> shut(r)
      :: else
      fi
    :: else
    fi;
    if
    :: st[r] == CLOSED || k == ACK
    :: else ->
      if
      :: ((s >> 3) & 3) == rcv[r] ->
        rcv[r] = rcv[r] + 1;
        if
        :: k == FIN && st[r] == ESTAB -> st[r] = CW
        :: k == FIN && st[r] == FW1 -> st[r] = CLG
        :: k == FIN && st[r] == FW2 -> st[r] = TW; tw[r] = 2*M
        :: else
        fi
      :: else ->
        if
        :: k == FIN && st[r] == TW -> tw[r] = 2*M
        :: else
        fi
      fi;
      s = SEGMENT(ACK, nxt[r], rcv[r]);
      emit(r)
    fi
  fi
}

inline tick(e) {
  if
  :: una[e] < nxt[e] -> rto[e] = rto[e] - 1
  :: else
  fi;
  if
  :: st[e] == TW -> tw[e] = tw[e] - 1
  :: else
  fi;
  if
  :: lo[e] == 0 || (lo[e] & 1) -> lo[e] = 0
  :: else -> lo[e] = lo[e] + 1
  fi;
  if
  :: hi[e] == 0
  :: hi[e] != 0 && (hi[e] & 1) -> hi[e] = lo[e]; lo[e] = 0
  :: else -> hi[e] = hi[e] + 1
  fi
}

#define STEPS(e, p) \
  :: d_step { st[e] == ESTAB || st[e] == CW -> call(e) } \
  :: d_step { OVERDUE(e) -> expire(e) } \
  :: d_step { EXPIRED(e) -> shut(e) } \
  :: d_step { hi[e] != 0 -> s = hi[e]; hi[e] = lo[e]; lo[e] = 0; receive(p) } \
  :: d_step { lo[e] != 0 && lo[e] != hi[e] -> s = lo[e]; lo[e] = 0; receive(p) } \
  :: d_step { hi[e] != 0 -> hi[e] = lo[e]; lo[e] = 0 } \
  :: d_step { lo[e] != 0 && lo[e] != hi[e] -> lo[e] = 0 } \
  :: d_step { hi[e] != 0 && lo[e] == 0 -> lo[e] = hi[e] }

active proctype closing() {
end:
  do
  STEPS(0, 1)
  STEPS(1, 0)
  :: d_step { !OVERDUE(0) && !OVERDUE(1) && !EXPIRED(0) && !EXPIRED(1) -> tick(0); tick(1); s = 0; k = 0; n = 0 }
  od
}
