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
# time-wait-ack: ignored, restarts
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
