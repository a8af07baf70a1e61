tcpclose profile 1
# linux-6.1 6.1.0-56-cloud-amd64, as seen in 8248 runs on the bench.

time-wait          62s           # measured
rto                0.2s          # the first retransmission of a FIN
rto-max            121s          # the longest time between two retransmissions that was seen
r2                 15            # retransmissions of a FIN; the connection has gone after 947s
fin-wait-2         61s           # measured, after a full close
closed-answer      rst           # RFC 9293, 3.10.7.1
off-sequence-ack   read          # RFC 9293, 3.10.7.4, first, and Appendix A.2
time-wait-restart  never         # RFC 9293, 3.10.7.4, fifth and eighth, against the first
time-wait-rst      obeyed        # RFC 9293, 3.10.7.4, second; RFC 1337, 4
rst-check          exact-or-fin  # RFC 5961, 3.2, against RFC 9293, 3.5.3
closing-timer      started       # RFC 9293, 3.10.7.4, fifth (CLOSING), against MUST-13
time-wait-ack      acknowledged  # RFC 9293, 3.10.7.4, fifth (TIME-WAIT)
out-of-order       held          # RFC 9293, 3.10.7.4, first (SHLD-31)
ack-check          recent        # RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12)
fin-wait-1-entered with-close    # RFC 9293, 3.10.4 (ESTABLISHED)
closing-ack        read          # RFC 9293, 3.10.7.4, fifth (CLOSING)
read-after-fin     data          # RFC 9293, 3.10.3
unread-close       rst           # RFC 9293, 3.6.1 (SHLD-3)
late-data          rst           # RFC 9293, 3.6.1 (SHLD-3)
abort-state        closed        # RFC 9293, 3.10.5 against 3.3.2, note 3, and 3.5.2
fin-wait-2-timer   orphans       # RFC 9293, 3.6.1 (no RFC has this timer)
fin-wait-2-kept    mini          # RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process)
fin-wait-2-orphan  waits         # RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2
orphan-kept        yes           # RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans
orphan-probes      counted       # RFC 9293, 3.8.6.1 (MUST-37)
time-wait-kept     yes           # RFC 9293, 3.6.1 (MUST-13)
zero-window-probe  old           # RFC 9293, 3.8.6.1 (MUST-36)
reset-unread-text  kept          # RFC 9293, 3.10.7.4, second
rst-number         seg-ack       # RFC 9293, 3.6.1 (SHLD-3), against 3.5.2
rst-ack            own           # RFC 9293, 3.10.5 and 3.6.1
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
