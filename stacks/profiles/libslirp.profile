tcpclose profile 1
# libslirp 4.7.0, as seen in 16804 runs on the bench.

time-wait          10s           # measured
rto                1.5s          # the first retransmission of a FIN
rto-max            12s           # the longest time between two retransmissions that was seen
r2                 47            # retransmissions of a FIN; the connection has gone after 551s
fin-wait-2         675s          # measured, after a full close
closed-answer      rst           # RFC 9293, 3.10.7.1; some runs contradict it
off-sequence-ack   read          # RFC 9293, 3.10.7.4, first, and Appendix A.2
time-wait-restart  never         # RFC 9293, 3.10.7.4, fifth and eighth, against the first
time-wait-rst      obeyed        # RFC 9293, 3.10.7.4, second; RFC 1337, 4
rst-check          window        # RFC 5961, 3.2, against RFC 9293, 3.5.3; some runs contradict it
closing-timer      started       # RFC 9293, 3.10.7.4, fifth (CLOSING), against MUST-13
time-wait-ack      ignored       # RFC 9293, 3.10.7.4, fifth (TIME-WAIT)
out-of-order       held          # RFC 9293, 3.10.7.4, first (SHLD-31)
ack-check          any           # RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12)
fin-wait-1-entered with-close    # RFC 9293, 3.10.4 (ESTABLISHED)
read-after-fin     data          # RFC 9293, 3.10.3
unread-close       rst           # RFC 9293, 3.6.1 (SHLD-3); some runs contradict it
late-data          ack           # RFC 9293, 3.6.1 (SHLD-3); some runs contradict it
abort-state        closed        # RFC 9293, 3.10.5 against 3.3.2, note 3, and 3.5.2
fin-wait-2-timer   all           # RFC 9293, 3.6.1 (no RFC has this timer); some runs contradict it
fin-wait-2-kept    connection    # RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process)
fin-wait-2-orphan  waits         # RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2
orphan-kept        yes           # RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans; some runs contradict it
time-wait-kept     yes           # RFC 9293, 3.6.1 (MUST-13); some runs contradict it
zero-window-probe  new           # RFC 9293, 3.8.6.1 (MUST-36)
reset-unread-text  kept          # RFC 9293, 3.10.7.4, second
closing-fin        timer         # RFC 9293, 3.10.7.4, eighth (FIN-WAIT-1), and 3.10.8
time-wait-abort    kept          # RFC 9293, 3.10.5 (TIME-WAIT)

# Not told apart by what was seen:
# late-reset: told, silent
# zero-window-ack: taken, unread
# window-update: sent, unsent
# last-ack-entered: with-fin, with-close
# closing-ack: read, discarded
# user-timeout-runs: undelivered, any-state
# time-wait-reuse: off, may-2, may-2-no-return, may-2-no-isn, bare, rfc-6191, linux
# connect-reuse: off, aged, at-once
# orphan-probes: forgotten, counted
# give-up-when: rto, exactly
# keepalive-end: nothing, rst
# zero-window-fin: refused, taken
# rst-number: snd-nxt, seg-ack
# rst-ack: own, all
# abort-unsent-fin: silent, rst
# first-resend: oldest, newest
# resend-size: apart, merged
# challenged-syn: waits, at-once
# timestamp-clock: goes-on, restarts
# keepalive-limit: probes, user-timeout, give-up
