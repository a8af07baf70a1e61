tcpclose profile 1
# linux-6.1 6.1.0-56-cloud-amd64, as seen in 14518 runs on the bench.
# Stopped before all was played.

time-wait          62s           # measured
rto                0.2s          # the first retransmission of a FIN
rto-max            121s          # the longest time between two retransmissions that was seen
r2                 15            # retransmissions of a FIN; the connection has gone after 947s
fin-wait-2         61s           # measured, after a full close
closed-answer      rst           # RFC 9293, 3.10.7.1; some runs contradict it
off-sequence-ack   read          # RFC 9293, 3.10.7.4, first, and Appendix A.2; some runs contradict it
time-wait-restart  any-ack       # RFC 9293, 3.10.7.4, fifth and eighth, against the first
time-wait-rst      obeyed        # RFC 9293, 3.10.7.4, second; RFC 1337, 4
rst-check          exact-or-fin  # RFC 5961, 3.2, against RFC 9293, 3.5.3
closing-timer      started       # RFC 9293, 3.10.7.4, fifth (CLOSING), against MUST-13
time-wait-ack      text-answered # RFC 9293, 3.10.7.4, fifth (TIME-WAIT)
out-of-order       held          # RFC 9293, 3.10.7.4, first (SHLD-31); some runs contradict it
ack-check          recent        # RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12); some runs contradict it
fin-wait-1-entered with-close    # RFC 9293, 3.10.4 (ESTABLISHED)
closing-ack        read          # RFC 9293, 3.10.7.4, fifth (CLOSING)
read-after-fin     data          # RFC 9293, 3.10.3
unread-close       rst           # RFC 9293, 3.6.1 (SHLD-3)
late-data          rst-valid-ack # RFC 9293, 3.6.1 (SHLD-3); some runs contradict it
abort-state        closed        # RFC 9293, 3.10.5 against 3.3.2, note 3, and 3.5.2
fin-wait-2-timer   orphans       # RFC 9293, 3.6.1 (no RFC has this timer)
fin-wait-2-kept    mini          # RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process); some runs contradict it
fin-wait-2-orphan  waits         # RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2
orphan-kept        yes           # RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans
orphan-probes      counted       # RFC 9293, 3.8.6.1 (MUST-37)
time-wait-kept     yes           # RFC 9293, 3.6.1 (MUST-13); some runs contradict it
zero-window-probe  old           # RFC 9293, 3.8.6.1 (MUST-36)
reset-unread-text  kept          # RFC 9293, 3.10.7.4, second
rst-number         seg-ack       # RFC 9293, 3.6.1 (SHLD-3), against 3.5.2
rst-ack            own           # RFC 9293, 3.10.5 and 3.6.1; some runs contradict it
abort-unsent-fin   rst           # RFC 9293, 3.10.5 (CLOSING, LAST-ACK)
closing-fin        timer         # RFC 9293, 3.10.7.4, eighth (FIN-WAIT-1), and 3.10.8
challenged-syn     at-once       # RFC 9293, 3.10.7.3, first; 3.5.1
time-wait-abort    kept          # RFC 9293, 3.10.5 (TIME-WAIT)

# Not told apart by what was seen:
# late-reset: told, silent
# zero-window-ack: taken, unread
# window-update: sent, unsent
# last-ack-entered: with-fin, with-close
# user-timeout-runs: undelivered, any-state
# time-wait-reuse: off, may-2, may-2-no-return, may-2-no-isn, bare, rfc-6191, linux
# connect-reuse: off, aged, at-once
# give-up-when: rto, exactly
# keepalive-end: nothing, rst
# zero-window-fin: refused, taken
# first-resend: oldest, newest
# resend-size: apart, merged
# timestamp-clock: goes-on, restarts
# keepalive-limit: probes, user-timeout, give-up

# What has excluded the other alternatives, up to the event that did, for -run:
# closed-answer, not nothing: in S 0 0 65535 0 mss=1460
# off-sequence-ack, not unread: open passive; in S 0 0 65535 0 mss=1460; in F. 1 1 65535 0; in . 1 1 65535 0; advance 103000; in F. 2 1 65535 0; advance 103000; call receive 9; call shutdown; advance 103000; in . 3 2 65535 0; advance 103000; in . 2 2 65535 0
# time-wait-restart, not fin: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 3 2 65535 1
# time-wait-restart, not never: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 3 2 65535 1
# time-wait-restart, not answer: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 3 2 65535 1
# time-wait-rst, not ignored: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; in R 2 0 0 0; in . 1 2 65535 0
# rst-check, not exact: open active; in S. 0 1 65535 0 mss=1460; in F. 1 1 65535 0; in R 1 0 0 0; in . 1 1 65535 0
# rst-check, not window: open passive; in S 0 0 65535 0 mss=1460; in R 2 0 0 0
# closing-timer, not absent: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 2 2 65535 0; advance 67859379; in . 1 2 65535 0
# time-wait-ack, not ignored: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 0 2 65535 1; in . 1 2 65535 0; advance 103000; in F. 2 2 65535 0
# time-wait-ack, not answered: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; advance 55521310; in . 2 1 65535 0
# time-wait-ack, not restarts: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 0 2 65535 1; in . 1 2 65535 0; advance 103000; in F. 2 2 65535 0
# time-wait-ack, not acknowledged: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; advance 55521310; in . 2 1 65535 0
# out-of-order, not dropped: open active; in S. 0 1 65535 0 mss=1460; in F. 2 1 65535 0; in . 1 0 65535 1
# ack-check, not any: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 -65535 65535 0
# fin-wait-1-entered, not with-fin: open active; in S. 0 1 0 0 mss=1460; call send 1; call shutdown; in . 0 1 65535 0; advance 103000; in F. 1 1 65535 0; advance 103000; call receive 9; call shutdown; advance 103000; in . 2 3 65535 0; advance 103000; in . 1 3 65535 0
# closing-ack, not discarded: open active; in S. 0 1 0 0 mss=1460; call shutdown; in F. 1 1 0 0; in . 1 1 65535 0; advance 103000; in F. 2 1 65535 0
# read-after-fin, not error: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; in R 2 0 0 0; in . 1 1 65535 0; advance 103000; in F. 2 1 65535 0; advance 103000; call receive 9
# unread-close, not fin: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; call close
# unread-close, not kept: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; call close
# late-data, not rst: open active; in S. 0 1 65535 0 mss=1460; call close; in . 2 0 65535 1
# late-data, not ack: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 0 65535 1
# late-data, not rst-anywhere: open active; in S. 0 1 65535 0 mss=1460; call close; in . 2 -65535 65535 1
# abort-state, not time-wait: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call abort; in . 0 1 65535 0
# fin-wait-2-timer, not all: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; advance 67859379; in . 0 2 65535 0
# fin-wait-2-kept, not connection: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 2 65535 0; in S 1 0 65535 0 mss=1460
# fin-wait-2-orphan, not rst: open active; in S 0 0 65535 0 mss=1460; call close; in . 0 2 65535 0
# orphan-kept, not no: open passive; in S 0 0 65535 0 mss=1460; call close
# orphan-probes, not forgotten: open active; in S. 0 1 65535 0 mss=1460; call close; advance 311442; in . 1 1 0 0; advance 311442; in . 1 1 0 0; advance 311442; in . 1 1 0 0; advance 311442; in . 0 2 65535 0
# time-wait-kept, not no: open active; in S 0 0 65535 0 mss=1460; call close; in . 0 2 65535 0; advance 103000; in F. 1 2 65535 0; advance 103000; call receive 9; call shutdown; advance 103000; in . 2 2 65535 0
# zero-window-probe, not new: open active; in S. 0 1 0 0 mss=1460; call send 1; advance 311442
# reset-unread-text, not flushed: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 1 65535 1; in R 2 0 0 0; in . 1 1 65535 0; advance 103000; in F. 2 1 65535 0; advance 103000; call receive 9
# rst-number, not snd-nxt: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 0 65535 1
# rst-ack, not none: open active; in S 0 0 65535 0 mss=1460; call abort
# rst-ack, not all: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 0 65535 1
# abort-unsent-fin, not silent: open active; in S. 0 1 0 0 mss=1460; call shutdown; in F. 1 1 0 0; call abort
# closing-fin, not each-ack: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 0 0 65535 1
# challenged-syn, not waits: open active; in S. 0 -1 65535 0 mss=1460
# time-wait-abort, not ends: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; call abort; in . 1 2 65535 0
