tcpclose profile 1
# The RFC behind a firewall: nothing answers for a connection that does not exist.

msl        120s
time-wait  2msl
rto        1s
rto-max    60s
r2         6
closed-answer  nothing  # RFC 9293, 3.10.7.1, wants RST
