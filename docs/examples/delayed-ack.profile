tcpclose profile 1
# The RFC, with acknowledgements that wait as long as it allows.

msl        120s
time-wait  2msl
rto        1s
rto-max    60s
r2         6
delayed-ack  500ms  # RFC 9293, 3.8.6.3 (MUST-40): less than 0.5 s; here up to that
