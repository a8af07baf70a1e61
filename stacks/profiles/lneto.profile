tcpclose profile 1
# lneto v0.1.0, as seen in 16804 runs on the bench.

time-wait          60s           # measured
rto                2400s         # no FIN was sent again, as long as was waited
r2                 unlimited     # as far as was waited, 2400s
closed-answer      rst           # RFC 9293, 3.10.7.1; some runs contradict it
off-sequence-ack   read          # RFC 9293, 3.10.7.4, first, and Appendix A.2; some runs contradict it
time-wait-restart  never         # RFC 9293, 3.10.7.4, fifth and eighth, against the first; some runs contradict it
time-wait-rst      ignored       # RFC 9293, 3.10.7.4, second; RFC 1337, 4
rst-check          window        # RFC 5961, 3.2, against RFC 9293, 3.5.3; some runs contradict it
late-reset         silent        # RFC 9293, 3.10.7.4, second, against 3.5.3 and MUST-12
closing-timer      absent        # RFC 9293, 3.10.7.4, fifth (CLOSING), against MUST-13
time-wait-ack      restarts      # RFC 9293, 3.10.7.4, fifth (TIME-WAIT); some runs contradict it
out-of-order       dropped       # RFC 9293, 3.10.7.4, first (SHLD-31)
ack-check          any           # RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12); some runs contradict it
read-after-fin     data          # RFC 9293, 3.10.3; some runs contradict it
late-data          ack           # RFC 9293, 3.6.1 (SHLD-3)
fin-wait-2-kept    connection    # RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process); some runs contradict it
fin-wait-2-orphan  waits         # RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2
orphan-kept        yes           # RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans
time-wait-kept     yes           # RFC 9293, 3.6.1 (MUST-13); some runs contradict it
zero-window-probe  new           # RFC 9293, 3.8.6.1 (MUST-36)
reset-unread-text  kept          # RFC 9293, 3.10.7.4, second
closing-fin        timer         # RFC 9293, 3.10.7.4, eighth (FIN-WAIT-1), and 3.10.8
time-wait-abort    kept          # RFC 9293, 3.10.5 (TIME-WAIT)

# Not told apart by what was seen:
# zero-window-ack: taken, unread
# window-update: sent, unsent
# fin-wait-1-entered: with-close, with-fin
# last-ack-entered: with-fin, with-close
# closing-ack: read, discarded
# unread-close: fin, kept
# abort-state: closed, time-wait
# user-timeout-runs: undelivered, any-state
# fin-wait-2-timer: orphans, all
# time-wait-reuse: off, may-2, may-2-no-return, may-2-no-isn, bare, rfc-6191, linux
# connect-reuse: off, aged, at-once
# orphan-probes: forgotten, counted
# give-up-when: rto, exactly
# keepalive-end: nothing, rst
# zero-window-fin: refused, taken
# rst-number: snd-nxt, seg-ack
# rst-ack: none, own, all
# abort-unsent-fin: silent, rst
# first-resend: oldest, newest
# resend-size: apart, merged
# challenged-syn: waits, at-once
# timestamp-clock: goes-on, restarts
# keepalive-limit: probes, user-timeout, give-up

# What has excluded the other alternatives, up to the event that did, for -run:
# closed-answer, not nothing: in S 0 0 65535 0 mss=1460
# off-sequence-ack, not unread: open passive; in S 0 0 65535 0 mss=1460; in F. 1 1 65535 0; call shutdown; advance 500000; advance 1500000; advance 66064453; in . 1 2 65535 0
# time-wait-restart, not fin: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 2 2 65535 1; in F. 1 1 65535 0; advance 500000; advance 1500000; advance 66064453; in . 2 2 65535 0
# time-wait-restart, not answer: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in . 2 2 65535 1; in F. 1 1 65535 0; advance 500000; advance 1500000; advance 66064453; in . 2 2 65535 0
# time-wait-restart, not any-ack: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 -65535 65535 0; in . 1 2 65535 0; advance 500000; in F. 2 2 65535 0; advance 500000; call receive 9; call shutdown; advance 500000; in . 3 2 65535 0
# time-wait-rst, not obeyed: open active; in S. 0 1 0 0 mss=1460; call shutdown; in F. 1 2 0 0; in R 2 0 0 0; in . 1 2 65535 0
# rst-check, not exact: open passive; in S 0 0 65535 0 mss=1460; in R 2 0 0 0; in . 0 1 65535 0
# rst-check, not exact-or-fin: open passive; in S 0 0 65535 0 mss=1460; in R 2 0 0 0; in . 0 1 65535 0
# late-reset, not told: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 1 65535 0; in R 2 0 0 0; call receive 9
# closing-timer, not started: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 0 65535 0; in . 2 2 65535 1; advance 500000; advance 1500000; advance 66064453; in . 2 2 65535 0
# time-wait-ack, not ignored: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; advance 54052734; in . 2 -65534 65535 1; advance 12011718; in . 2 2 65535 0
# time-wait-ack, not answered: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 -65535 65535 0; in . 1 2 65535 0; advance 500000; in F. 2 2 65535 0; advance 500000; call receive 9; call shutdown; advance 500000; in . 3 2 65535 0; advance 500000; in . 2 2 65535 0
# time-wait-ack, not acknowledged: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 -65535 65535 0; in . 1 2 65535 0; advance 500000; in F. 2 2 65535 0; advance 500000; call receive 9; call shutdown; advance 500000; in . 3 2 65535 0; advance 500000; in . 2 2 65535 0
# time-wait-ack, not text-answered: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 0; in F. 1 2 65535 0; advance 54052734; in . 2 -65534 65535 1
# out-of-order, not held: open active; in S. 0 1 65535 0 mss=1460; in F. 2 1 65535 0; in . 1 -65535 65535 1
# ack-check, not recent: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; in . 1 -65535 65535 1
# read-after-fin, not error: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 -65535 65535 1; in . 2 2 65535 0; advance 500000; in F. 3 2 65535 0; advance 500000; call receive 9
# late-data, not rst: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# late-data, not rst-anywhere: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# late-data, not rst-valid-ack: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 -65535 65535 1
# fin-wait-2-kept, not mini: open active; in S. 0 1 65535 0 mss=1460; call close; in F. 0 3 65535 1; in . 1 2 65535 0; advance 500000; in F. 2 2 65535 0
# fin-wait-2-orphan, not rst: open active; in S. 0 1 65535 0 mss=1460; call close; in . 1 2 65535 0
# orphan-kept, not no: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call close
# time-wait-kept, not no: open passive; in S 0 0 65535 0 mss=1460; in . 1 1 65535 0; call shutdown; in . 0 2 65535 0; advance 500000; in F. 1 2 65535 0; advance 500000; call receive 9; call shutdown; advance 500000; in . 2 2 65535 0
# zero-window-probe, not old: open active; in S. 0 1 0 0 mss=1460; call send 1; in . 1 0 65535 0
# reset-unread-text, not flushed: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in . 1 2 65535 1; in F 4096 0 65535 0; in . 2 2 65535 0; advance 500000; in . 1 2 65535 0; in SF 4097 0 65535 1 mss=1460; in R. 2 -65534 0 0; call receive 99
# closing-fin, not each-ack: open active; in S. 0 1 65535 0 mss=1460; call shutdown; in F. 1 -65535 65535 0
# time-wait-abort, not ends: open active; in S. 0 1 0 0 mss=1460; call shutdown; in F. 1 2 0 0; call abort; in . 1 2 65535 0
