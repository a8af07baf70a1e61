tcpclose profile 1
# The RFC, with a timer that ends FIN-WAIT-2 although the user still reads.

msl        120s
time-wait  2msl
rto        1s
rto-max    60s
r2         6
fin-wait-2        20s
fin-wait-2-timer  all  # no RFC has this timer; half-closed connections end, too
