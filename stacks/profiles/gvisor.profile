tcpclose profile 1
# gvisor v0.0.0-20260701204157-69c2d17aea96, as seen in 16804 runs on the bench.

time-wait          60s           # measured
rto                1s            # the first retransmission of a FIN
rto-max            120s          # the longest time between two retransmissions that was seen
r2                 15            # retransmissions of a FIN; the connection has gone after 1207s
fin-wait-2         60s           # measured, after a full close
closed-answer      rst           # RFC 9293, 3.10.7.1; some runs contradict it
off-sequence-ack   read          # RFC 9293, 3.10.7.4, first, and Appendix A.2; some runs contradict it
time-wait-restart  any-ack       # RFC 9293, 3.10.7.4, fifth and eighth, against the first; some runs contradict it
time-wait-rst      ignored       # RFC 9293, 3.10.7.4, second; RFC 1337, 4; some runs contradict it
rst-check          window        # RFC 5961, 3.2, against RFC 9293, 3.5.3; some runs contradict it
late-reset         told          # RFC 9293, 3.10.7.4, second, against 3.5.3 and MUST-12; some runs contradict it
closing-timer      started       # RFC 9293, 3.10.7.4, fifth (CLOSING), against MUST-13; some runs contradict it
time-wait-ack      text-answered # RFC 9293, 3.10.7.4, fifth (TIME-WAIT); some runs contradict it
out-of-order       dropped       # RFC 9293, 3.10.7.4, first (SHLD-31); some runs contradict it
ack-check          any           # RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12); some runs contradict it
fin-wait-1-entered with-close    # RFC 9293, 3.10.4 (ESTABLISHED); some runs contradict it
last-ack-entered   with-fin      # RFC 9293, 3.10.4 (CLOSE-WAIT)
read-after-fin     data          # RFC 9293, 3.10.3; some runs contradict it
unread-close       rst           # RFC 9293, 3.6.1 (SHLD-3); some runs contradict it
late-data          rst-valid-ack # RFC 9293, 3.6.1 (SHLD-3); some runs contradict it
abort-state        closed        # RFC 9293, 3.10.5 against 3.3.2, note 3, and 3.5.2; some runs contradict it
fin-wait-2-timer   orphans       # RFC 9293, 3.6.1 (no RFC has this timer); some runs contradict it
fin-wait-2-kept    connection    # RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process); some runs contradict it
fin-wait-2-orphan  waits         # RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2; some runs contradict it
orphan-kept        yes           # RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans; some runs contradict it
time-wait-kept     yes           # RFC 9293, 3.6.1 (MUST-13); some runs contradict it
reset-unread-text  kept          # RFC 9293, 3.10.7.4, second; some runs contradict it
rst-number         snd-nxt       # RFC 9293, 3.6.1 (SHLD-3), against 3.5.2; some runs contradict it
rst-ack            all           # RFC 9293, 3.10.5 and 3.6.1; some runs contradict it
closing-fin        timer         # RFC 9293, 3.10.7.4, eighth (FIN-WAIT-1), and 3.10.8; some runs contradict it
challenged-syn     at-once       # RFC 9293, 3.10.7.3, first; 3.5.1; some runs contradict it
time-wait-abort    kept          # RFC 9293, 3.10.5 (TIME-WAIT); some runs contradict it

# Not told apart by what was seen:
# zero-window-ack: taken, unread
# window-update: sent, unsent
# closing-ack: read, discarded
# user-timeout-runs: undelivered, any-state
# time-wait-reuse: off, may-2, may-2-no-return, may-2-no-isn, bare, rfc-6191, linux
# connect-reuse: off, aged, at-once
# orphan-probes: forgotten, counted
# give-up-when: rto, exactly
# keepalive-end: nothing, rst
# zero-window-fin: refused, taken
# zero-window-probe: new, old
# abort-unsent-fin: silent, rst
# first-resend: oldest, newest
# resend-size: apart, merged
# timestamp-clock: goes-on, restarts
# keepalive-limit: probes, user-timeout, give-up

# What has excluded the other alternatives, up to the event that did, for -run:
# closed-answer, not nothing: in S 0 0 65535 0 mss=1460
# off-sequence-ack, not unread: open active; in S. 0 1 0 0 mss=1460; call send 1; in . 2 1 65535 0
# time-wait-restart, not fin: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 3 2 65535 1
# time-wait-restart, not never: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 3 2 65535 1
# time-wait-restart, not answer: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 3 2 65535 1
# time-wait-rst, not obeyed: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; in R 2 0 0 0; in . 1 2 65535 0
# rst-check, not exact: open passive; in S 0 0 65535 0 mss=1460; in R 2 0 0 0; in . 0 1 65535 0
# rst-check, not exact-or-fin: open passive; in S 0 0 65535 0 mss=1460; in R 2 0 0 0; in . 0 1 65535 0
# late-reset, not silent: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in R 2 0 0 0; in . 1 2 65535 0; advance 100000; in F. 2 2 65535 0; advance 100000; call receive 9
# closing-timer, not absent: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 2 2 65535 0; advance 66064453; in . 1 2 65535 0
# time-wait-ack, not ignored: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; in . 2 -65534 65535 1
# time-wait-ack, not answered: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; advance 54052734; in . 2 -65534 65535 0
# time-wait-ack, not restarts: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; in . 2 -65534 65535 1
# time-wait-ack, not acknowledged: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; advance 54052734; in . 2 -65534 65535 0
# out-of-order, not held: open active; in S. 0 1 65535 0 mss=1460; in F. 2 1 65535 0; in . 1 -65535 65535 1
# ack-check, not recent: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 -65535 65535 1
# fin-wait-1-entered, not with-fin: open active; in S. 0 1 0 0 mss=1460; call send 1; call shutdown; in . 0 1 65535 0; advance 100000; in F. 1 1 65535 0; advance 100000; call receive 9; call shutdown; advance 100000; in . 2 3 65535 0; advance 100000; in . 1 3 65535 0
# last-ack-entered, not with-close: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in - 2 0 65535 0; in . 1 1 65535 0; in F. 0 0 65535 0; in F. 1 1 65535 0; in . 2 1 65535 1; in . 3 1 65535 0; call send 1; advance 66064453; call send 1; in . 3 2 65535 0; in S. 65537 3 65535 0 mss=1460; in F. 3 2 65535 1; in F. 6 2 65535 0; call receive 99; call shutdown; in . 5 2 65535 0; in F. 5 2 65535 0
# read-after-fin, not error: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; in R 2 0 0 0; in . 1 1 65535 0; advance 100000; in F. 2 1 65535 0; advance 100000; call receive 9
# unread-close, not fin: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; call close
# unread-close, not kept: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; call close
# late-data, not rst: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 3 65535 1; in . 1 2 65535 0; advance 100000; in F. 2 2 65535 0
# late-data, not ack: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# late-data, not rst-anywhere: open active; in S. 0 1 65535 0 mss=1460; call close; in . 2 3 65535 1
# abort-state, not time-wait: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call abort; in . 0 1 65535 0
# fin-wait-2-timer, not all: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; advance 66064453; in . 0 2 65535 0
# fin-wait-2-kept, not mini: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 3 65535 1; in . 1 2 65535 0; advance 100000; in F. 2 2 65535 0
# fin-wait-2-orphan, not rst: open active; in S. 0 1 65535 0 mss=1460; in F. 2 1 65535 0; call close; in . 0 2 65535 0
# orphan-kept, not no: open passive; in S 0 0 65535 0 mss=1460; call close
# time-wait-kept, not no: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call shutdown; in . 0 2 65535 0; advance 100000; in F. 1 2 65535 0; advance 100000; call receive 9; call shutdown; advance 100000; in . 2 2 65535 0
# reset-unread-text, not flushed: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; in R 2 0 0 0; in . 1 1 65535 0; advance 100000; in F. 2 1 65535 0; advance 100000; call receive 9
# rst-number, not seg-ack: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# rst-ack, not none: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call abort
# rst-ack, not own: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# closing-fin, not each-ack: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 -65535 65535 0
# challenged-syn, not waits: open active; in S. 0 -1 65535 0 mss=1460; in . 0 1 65535 0; advance 100000
# time-wait-abort, not ends: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; call abort; in . 1 2 65535 0
