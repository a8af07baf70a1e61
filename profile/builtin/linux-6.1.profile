tcpclose profile 1
# Linux 6.1 by its own rules. D1 to D19: 'tcpclose profile linux'.

time-wait          60s            # D10: TCP_TIMEWAIT_LEN
rto                0.2s           # TCP_RTO_MIN, which a fast network leads to
rto-max            120s           # TCP_RTO_MAX
r2                 unlimited      # it is a time: give-up
give-up            924.6s         # tcp_retries2 15
orphan-give-up     102.2s         # D12: tcp_orphan_retries 0
fin-wait-2         60s            # D11: tcp_fin_timeout 60
timestamps         fine           # tcp_timestamps 1, a clock of 1 ms
off-sequence-ack   read           # D13: the ACK of a retransmitted FIN is read (tcp_sequence, tcp_ack)
time-wait-restart  any-ack        # D7: every segment with an ACK does that is old or behind a hole (tcp_timewait_state_process)
rst-check          exact-or-fin   # D3: once the peer's FIN has arrived, an RST with the FIN's number does, too (tcp_reset_check)
time-wait-ack      text-answered  # D6: it restarts the 60 s, and is not answered without text or a FIN (tcp_timewait_state_process)
out-of-order       held           # SHLD-31 (tcp_data_queue_ofo)
ack-check          recent         # MAY-12; RFC 5961, 5 (tcp_ack)
last-ack-entered   with-close     # D1: LAST_ACK is entered at once; the FIN may have to wait (tcp_close_state)
late-data          rst-valid-ack  # D5: a FIN that carries text or follows a hole gets RST, too (tcp_timewait_state_process, tcp_rcv_state_process)
time-wait-reuse    linux          # TCP_TW_SYN, in tcp_timewait_state_process
connect-reuse      off            # tcp_tw_reuse 2
fin-wait-2-kept    mini           # D2: of an orphan only a mini-socket is kept, with its own rules (tcp_time_wait, tcp_timewait_state_process)
orphan-probes      counted        # D12: an orphan is given up after tcp_orphan_retries, answered or not (tcp_write_timeout, tcp_probe_timer)
zero-window-fin    refused        # D14: dropped, and answered (tcp_data_queue); taken since 6.10
zero-window-probe  old            # D15: it is empty and has an old number; FIN and text wait until they fit together, or for a probe (tcp_write_wakeup, tcp_snd_wnd_test)
reset-unread-text  kept           # D16: it is still read, and ECONNRESET comes after it; in CLOSE_WAIT end of file does (tcp_reset, tcp_recvmsg)
rst-number         seg-ack        # D17: it has the number that the text acknowledges, as where there is no connection (tcp_rcv_state_process, tcp_v4_send_reset)
rst-ack            own            # D18: the RST of an abort, of unread text, and of a socket given up acknowledges what has arrived (tcp_send_active_reset)
abort-unsent-fin   rst            # D1: LAST_ACK is entered at once; the FIN may have to wait (tcp_close_state)
challenged-syn     at-once        # a bad ACK is reset, and the SYN sent again (tcp_rcv_synsent_state_process)
time-wait-abort    kept           # D19: TIME_WAIT goes on: it is no longer the socket's (tcp_time_wait, tcp_close)
