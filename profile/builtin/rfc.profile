tcpclose profile 1
# RFC 9293 by its intent, with the numbers that RFC 6298 and RFC 9293 name.

msl        120s  # RFC 9293, 3.4.2
time-wait  2msl  # RFC 9293, 3.6.1 (MUST-13)
rto        1s    # RFC 6298, 2.1
rto-max    60s   # RFC 6298, 2.5
r2         6     # RFC 9293, 3.8.3: at least 100 s
