tcpclose profile 1
# A small stack that gives up soon: one retransmission, after 200 ms.

time-wait  2s
rto        200ms
r2         1      # RFC 9293, 3.8.3, wants 100 s
