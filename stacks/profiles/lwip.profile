tcpclose profile 1
# lwip 2.1.3, as seen in 16804 runs on the bench.

time-wait          120s          # measured
rto                2.8s          # the first retransmission of a FIN
rto-max            384s          # the longest time between two retransmissions that was seen
r2                 12            # retransmissions of a FIN; the connection has gone after 2302s
fin-wait-2         20s           # measured, after a full close
closed-answer      rst           # RFC 9293, 3.10.7.1; some runs contradict it
off-sequence-ack   read          # RFC 9293, 3.10.7.4, first, and Appendix A.2
time-wait-rst      ignored       # RFC 9293, 3.10.7.4, second; RFC 1337, 4
rst-check          exact         # RFC 5961, 3.2, against RFC 9293, 3.5.3
late-reset         told          # RFC 9293, 3.10.7.4, second, against 3.5.3 and MUST-12
time-wait-ack      text-answered # RFC 9293, 3.10.7.4, fifth (TIME-WAIT)
out-of-order       held          # RFC 9293, 3.10.7.4, first (SHLD-31)
ack-check          any           # RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12); some runs contradict it
read-after-fin     data          # RFC 9293, 3.10.3
unread-close       rst           # RFC 9293, 3.6.1 (SHLD-3); some runs contradict it
late-data          rst           # RFC 9293, 3.6.1 (SHLD-3)
abort-state        closed        # RFC 9293, 3.10.5 against 3.3.2, note 3, and 3.5.2
fin-wait-2-timer   orphans       # RFC 9293, 3.6.1 (no RFC has this timer)
fin-wait-2-kept    connection    # RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process)
fin-wait-2-orphan  waits         # RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2; some runs contradict it
orphan-kept        yes           # RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans
time-wait-kept     yes           # RFC 9293, 3.6.1 (MUST-13); some runs contradict it
zero-window-probe  new           # RFC 9293, 3.8.6.1 (MUST-36)
reset-unread-text  kept          # RFC 9293, 3.10.7.4, second
rst-number         snd-nxt       # RFC 9293, 3.6.1 (SHLD-3), against 3.5.2
rst-ack            all           # RFC 9293, 3.10.5 and 3.6.1
closing-fin        timer         # RFC 9293, 3.10.7.4, eighth (FIN-WAIT-1), and 3.10.8
time-wait-abort    ends          # RFC 9293, 3.10.5 (TIME-WAIT)

# Not told apart by what was seen:
# time-wait-restart: fin, never, answer
# closing-timer: started, absent
# zero-window-ack: taken, unread
# window-update: sent, unsent
# fin-wait-1-entered: with-close, with-fin
# last-ack-entered: with-fin, with-close
# closing-ack: read, discarded
# user-timeout-runs: undelivered, any-state
# time-wait-reuse: off, may-2, may-2-no-return, may-2-no-isn, bare, rfc-6191, linux
# connect-reuse: off, aged, at-once
# orphan-probes: forgotten, counted
# give-up-when: rto, exactly
# keepalive-end: nothing, rst
# zero-window-fin: refused, taken
# abort-unsent-fin: silent, rst
# first-resend: oldest, newest
# resend-size: apart, merged
# challenged-syn: waits, at-once
# timestamp-clock: goes-on, restarts
# keepalive-limit: probes, user-timeout, give-up

# What has excluded the other alternatives, up to the event that did, for -run:
# closed-answer, not nothing: in S 0 0 65535 0 mss=1460
# off-sequence-ack, not unread: open active; in S. 0 1 0 0 mss=1460; call send 1; in S 0 0 65535 0 mss=1460; in . 0 1 65535 0
# time-wait-rst, not obeyed: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; in R 2 0 0 0; in . 1 2 65535 0
# rst-check, not window: open passive; in S 0 0 65535 0 mss=1460; in R 2 0 0 0
# rst-check, not exact-or-fin: open active; in S. 0 1 65535 0 mss=1460; in F. 1 1 65535 0; in R 1 0 0 0; in . 1 1 65535 0
# late-reset, not silent: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in R 2 0 0 0; call receive 9
# time-wait-ack, not ignored: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 0 -65535 65535 1; in . 1 2 65535 0; advance 1375000; in F. 2 2 65535 0
# time-wait-ack, not answered: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call shutdown; in . 0 2 65535 0; advance 1375000; in F. 1 2 65535 0; advance 1375000; call receive 9; call shutdown; advance 1375000; in . 2 2 65535 0
# time-wait-ack, not restarts: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 0 -65535 65535 1; in . 1 2 65535 0; advance 1375000; in F. 2 2 65535 0
# time-wait-ack, not acknowledged: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call shutdown; in . 0 2 65535 0; advance 1375000; in F. 1 2 65535 0; advance 1375000; call receive 9; call shutdown; advance 1375000; in . 2 2 65535 0
# out-of-order, not dropped: open active; in S. 0 1 65535 0 mss=1460; in F. 2 1 65535 0; in . 1 -65535 65535 1
# ack-check, not recent: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 -65535 65535 1; in . 1 1 65535 0
# read-after-fin, not error: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; call shutdown; in . 1 2 65535 0; advance 1375000; in F. 2 2 65535 0; advance 1375000; call receive 9
# unread-close, not fin: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; call close
# unread-close, not kept: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; call close
# late-data, not ack: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# late-data, not rst-anywhere: open active; in S. 0 1 65535 0 mss=1460; call close; in . 2 -65535 65535 1
# late-data, not rst-valid-ack: open active; in S. 0 1 65535 0 mss=1460; call close; in . 2 -65535 65535 1
# abort-state, not time-wait: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in S 0 0 65535 0 mss=1460; in S 0 0 65535 0 mss=1460; in F. 2 1 65535 0; in F. 1 1 65535 0; in F 2 0 65535 0; in F. 2 1 65535 1; call abort; in F 2 0 65535 0
# fin-wait-2-timer, not all: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; advance 108237304; in . 0 2 65535 0
# fin-wait-2-kept, not mini: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 2 65535 0; in S 0 0 65535 1 mss=1460
# fin-wait-2-orphan, not rst: open active; in S. 0 1 65535 0 mss=1460; in F. 2 1 65535 0; call close; in . 0 2 65535 0
# orphan-kept, not no: open passive; in S 0 0 65535 0 mss=1460; call close
# time-wait-kept, not no: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call shutdown; in . 0 2 65535 0; advance 1375000; in F. 1 2 65535 0; advance 1375000; call receive 9; call shutdown; advance 1375000; in . 2 2 65535 0
# zero-window-probe, not old: open active; in S. 0 1 0 0 mss=1460; call send 1; advance 1375000
# reset-unread-text, not flushed: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; advance 1375000; in F. 65536 1 65535 1; in F. -1 1 65535 1; advance 4125000; in S. 65535 1 65535 0 mss=1460; in F. 1 1 65535 1; in . 3 1 65535 0; in R 3 0 0 1; call shutdown; call receive 99
# rst-number, not seg-ack: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# rst-ack, not none: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call abort
# rst-ack, not own: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# closing-fin, not each-ack: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 0 -65535 65535 1
# time-wait-abort, not kept: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; advance 4125000; call receive 9; call shutdown; call receive 9; in F. 2 0 65535 0; in F. 2 2 65535 0; in . 0 2 65535 0; in . 1 2 0 0; in F. 65535 1 65535 0; in F. 1 2 65535 0; call abort; in S 3 0 65535 1 mss=1460
