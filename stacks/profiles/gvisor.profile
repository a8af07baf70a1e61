tcpclose profile 1
# gvisor v0.0.0-20260701204157-69c2d17aea96, as seen in 16804 runs on the bench.

time-wait          60s           # measured
rto                1s            # the first retransmission of a FIN
rto-max            120s          # the longest time between two retransmissions that was seen
r2                 15            # retransmissions of a FIN; the connection has gone after 1207s
fin-wait-2         60s           # measured, after a full close
closed-answer      rst           # RFC 9293, 3.10.7.1; some runs contradict it
off-sequence-ack   read          # RFC 9293, 3.10.7.4, first, and Appendix A.2; some runs contradict it
time-wait-restart  fin           # RFC 9293, 3.10.7.4, fifth and eighth, against the first; some runs contradict it
time-wait-rst      ignored       # RFC 9293, 3.10.7.4, second; RFC 1337, 4
rst-check          window        # RFC 5961, 3.2, against RFC 9293, 3.5.3; some runs contradict it
late-reset         told          # RFC 9293, 3.10.7.4, second, against 3.5.3 and MUST-12
closing-timer      started       # RFC 9293, 3.10.7.4, fifth (CLOSING), against MUST-13
time-wait-ack      acknowledged  # RFC 9293, 3.10.7.4, fifth (TIME-WAIT); some runs contradict it
out-of-order       dropped       # RFC 9293, 3.10.7.4, first (SHLD-31); some runs contradict it
ack-check          any           # RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12); some runs contradict it
fin-wait-1-entered with-close    # RFC 9293, 3.10.4 (ESTABLISHED)
last-ack-entered   with-fin      # RFC 9293, 3.10.4 (CLOSE-WAIT)
read-after-fin     data          # RFC 9293, 3.10.3
unread-close       rst           # RFC 9293, 3.6.1 (SHLD-3)
late-data          rst-anywhere  # RFC 9293, 3.6.1 (SHLD-3); some runs contradict it
abort-state        closed        # RFC 9293, 3.10.5 against 3.3.2, note 3, and 3.5.2
fin-wait-2-timer   orphans       # RFC 9293, 3.6.1 (no RFC has this timer)
fin-wait-2-kept    connection    # RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process)
fin-wait-2-orphan  waits         # RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2; some runs contradict it
orphan-kept        yes           # RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans
time-wait-kept     yes           # RFC 9293, 3.6.1 (MUST-13); some runs contradict it
reset-unread-text  kept          # RFC 9293, 3.10.7.4, second
rst-number         snd-nxt       # RFC 9293, 3.6.1 (SHLD-3), against 3.5.2
rst-ack            all           # RFC 9293, 3.10.5 and 3.6.1; some runs contradict it
closing-fin        timer         # RFC 9293, 3.10.7.4, eighth (FIN-WAIT-1), and 3.10.8
challenged-syn     at-once       # RFC 9293, 3.10.7.3, first; 3.5.1
time-wait-abort    kept          # RFC 9293, 3.10.5 (TIME-WAIT)

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
