/* libslirp, as Debian has it, behind the line protocol. Its TCP faces a guest, which
 * the bench plays; its user is a socket of this machine, on a loopback device of its
 * own, which needs a network namespace. Nothing else runs. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libslirp.h"

#include "../template/c/stack.h"

enum { forward = 5080, fast = 2000, slow = 100000 }; /* a port; microseconds */

static Slirp *slirp;
static int64_t now, busy; /* microseconds; until when something may happen soon */
static int fd = -1, listener = -1, mute, events, closing;
static uint16_t local, remote;
static struct pollfd polls[64];
static int polled;

static const uint8_t guest[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

static ssize_t send_packet(const void *frame, size_t length, void *opaque) {
	const uint8_t *p = frame;
	(void)opaque;
	if (!mute && length > 14 && p[12] == 8 && p[13] == 0 && p[14 + 9] == 6) {
		events++;
		shim_output(p + 14, p[16] << 8 | p[17]);
	}
	return length;
}

static void guest_error(const char *text, void *opaque) { (void)text, (void)opaque; }
static int64_t clock_ns(void *opaque) { return (void)opaque, now * 1000; }
static void *timer_new(SlirpTimerCb f, void *of, void *opaque) { return (void)f, (void)of, (void)opaque, &slirp; }
static void timer_free(void *timer, void *opaque) { (void)timer, (void)opaque; }
static void timer_mod(void *timer, int64_t at, void *opaque) { (void)timer, (void)at, (void)opaque; }
static void watch_fd(int of, void *opaque) { (void)of, (void)opaque; }
static void notify(void *opaque) { (void)opaque; }

static const SlirpCb callbacks = {
	.send_packet = send_packet, .guest_error = guest_error, .clock_get_ns = clock_ns,
	.timer_new = timer_new, .timer_free = timer_free, .timer_mod = timer_mod,
	.register_poll_fd = watch_fd, .unregister_poll_fd = watch_fd, .notify = notify,
};

static int add_poll(int of, int wanted, void *opaque) {
	(void)opaque;
	polls[polled] = (struct pollfd){of, 0, 0};
	if (wanted & SLIRP_POLL_IN) polls[polled].events |= POLLIN;
	if (wanted & SLIRP_POLL_OUT) polls[polled].events |= POLLOUT;
	if (wanted & SLIRP_POLL_PRI) polls[polled].events |= POLLPRI;
	return polled++;
}

static int seen(int i, void *opaque) {
	int got = 0;
	(void)opaque;
	if (polls[i].revents & POLLIN) got |= SLIRP_POLL_IN;
	if (polls[i].revents & POLLOUT) got |= SLIRP_POLL_OUT;
	if (polls[i].revents & POLLPRI) got |= SLIRP_POLL_PRI;
	if (polls[i].revents & POLLERR) got |= SLIRP_POLL_ERR;
	if (polls[i].revents & POLLHUP) got |= SLIRP_POLL_HUP;
	if (got) events++;
	return got;
}

/* pump lets libslirp do what its sockets and its clock ask for, until it rests. */
static void pump(void) {
	for (int i = 0, before = -1; i < 20 && before != events; i++) {
		uint32_t timeout = 0;
		before = events, polled = 0;
		slirp_pollfds_fill(slirp, &timeout, add_poll, NULL);
		poll(polls, polled, 0);
		slirp_pollfds_poll(slirp, 0, seen, NULL);
		if (listener >= 0 && fd < 0 && (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0)
			close(listener), listener = -1, events++; /* what comes later finds nobody */
	}
}

static void die(const char *what) {
	perror(what);
	exit(1);
}

/* isolate gives the process a loopback device of its own: ports that nobody else has. */
static void isolate(void) {
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) die("a network namespace");
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0 || ioctl(s, SIOCSIFFLAGS, &r)) die("the loopback device");
	close(s);
}

/* drop closes a socket so that its port is free at once. */
static void drop(int *of) {
	struct linger hard = {1, 0};
	if (*of < 0) return;
	setsockopt(*of, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(*of), *of = -1;
}

void stack_reset(uint64_t seed, int buffer) {
	static int begun;
	static uint8_t arp[42] = {
		255, 255, 255, 255, 255, 255, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 8, 6, /* a broadcast of the guest */
		0, 1, 8, 0, 6, 4, 0, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 192, 0, 2, 2, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
	};
	SlirpConfig c = {.version = 1, .in_enabled = true, .if_mtu = 1500, .if_mru = 1500};
	(void)seed, (void)buffer;
	if (!begun++) isolate(), signal(SIGPIPE, SIG_IGN); /* as programs with this library do */
	mute = 1;
	if (slirp) slirp_cleanup(slirp);
	drop(&fd), drop(&listener);
	now = busy = closing = 0;
	inet_aton("192.0.2.0", &c.vnetwork), inet_aton("255.255.255.0", &c.vnetmask);
	inet_aton("192.0.2.1", &c.vhost), inet_aton("192.0.2.3", &c.vnameserver), inet_aton("192.0.2.16", &c.vdhcp_start);
	slirp = slirp_new(&c, &callbacks, NULL);
	if (!slirp) die("slirp_new");
	slirp_input(slirp, arp, sizeof arp);
	pump();
	mute = 0;
}

static struct answer told(int result) {
	if (result >= 0) return (struct answer){"done", 0};
	switch (errno) {
	case EAGAIN: return (struct answer){"waits", 0};
	case ECONNRESET: return (struct answer){"reset", 0};
	case ECONNREFUSED: return (struct answer){"refused", 0};
	case ETIMEDOUT: return (struct answer){"timed-out", 0};
	case EPIPE: return (struct answer){"closing", 0};
	case ENOTCONN: return (struct answer){"none", 0};
	}
	return (struct answer){"other", 0};
}

static const struct answer none = {"none", 0};

/* did lets what a call has begun happen. */
static struct answer did(struct answer a) {
	busy = now + 2 * fast;
	pump();
	return a;
}

static struct sockaddr_in loopback(uint16_t port) {
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

struct answer stack_open(int active, uint16_t port, uint16_t peer_port) {
	struct sockaddr_in at = loopback(port), to = loopback(forward);
	struct in_addr there = {htonl(0xc0000202)};
	int yes = 1, s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	drop(&fd), drop(&listener);
	local = port, remote = peer_port, closing = 0;
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(s, (struct sockaddr *)&at, sizeof at)) {
		close(s);
		return told(-1);
	}
	if (!active) {
		listener = s;
		return did(told(listen(s, 1)));
	}
	fd = s;
	slirp_remove_hostfwd(slirp, 0, to.sin_addr, forward);
	if (slirp_add_hostfwd(slirp, 0, to.sin_addr, forward, there, peer_port)) return (struct answer){"other", 0};
	int result = connect(s, (struct sockaddr *)&to, sizeof to);
	if (result && errno == EINPROGRESS) result = 0;
	return did(told(result));
}

struct answer stack_send(const uint8_t *text, int octets) {
	if (fd < 0) return listener >= 0 ? (struct answer){"waits", 0} : none;
	int n = send(fd, text, octets, MSG_NOSIGNAL);
	struct answer a = told(n);
	if (n > 0) a.octets = n;
	return did(a);
}

struct answer stack_receive(uint8_t *text, int octets) {
	if (fd < 0) return listener >= 0 ? (struct answer){"waits", 0} : none;
	int n = recv(fd, text, octets, 0);
	struct answer a = told(n);
	if (n > 0) a.octets = n;
	if (n == 0 && octets) a.told = "eof";
	return did(a);
}

struct answer stack_shutdown(void) {
	if (fd < 0) return none;
	if (closing) return (struct answer){"closing", 0};
	closing = 1;
	return did(told(shutdown(fd, SHUT_WR)));
}

struct answer stack_close(void) {
	int *s = fd < 0 && listener >= 0 ? &listener : &fd;
	if (*s < 0) return none;
	close(*s), *s = -1;
	return did(told(0));
}

struct answer stack_abort(void) {
	int *s = fd < 0 && listener >= 0 ? &listener : &fd;
	if (*s < 0) return none;
	drop(s);
	return did(told(0));
}

void stack_input(const uint8_t *packet, int length) {
	static uint8_t frame[66000];
	static const uint8_t gateway[6] = {0x52, 0x55, 192, 0, 2, 1};
	memcpy(frame, gateway, 6), memcpy(frame + 6, guest, 6), frame[12] = 8, frame[13] = 0;
	memcpy(frame + 14, packet, length);
	slirp_input(slirp, frame, length + 14);
	did(told(0));
}

void stack_run(int64_t at) {
	now = at;
	pump();
}

const char *stack_state(void) {
	static const char *names[][2] = {
		{"SYN_SENT", "SYN-SENT"}, {"SYN_RCVD", "SYN-RECEIVED"}, {"ESTABLISHED", "ESTABLISHED"}, {"CLOSE_WAIT", "CLOSE-WAIT"},
		{"FIN_WAIT_1", "FIN-WAIT-1"}, {"CLOSING", "CLOSING"}, {"LAST_ACK", "LAST-ACK"}, {"FIN_WAIT_2", "FIN-WAIT-2"},
		{"TIME_WAIT", "TIME-WAIT"},
	};
	const char *state = listener >= 0 ? "LISTEN" : "CLOSED";
	char *info = slirp_connection_info(slirp), *save, name[32];
	for (char *l = strtok_r(info, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		if (sscanf(l, " TCP[%31[A-Z_0-9]]", name) == 1)
			for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
				if (!strcmp(name, names[i][0])) state = names[i][1];
	free(info);
	return state;
}

int64_t stack_deadline(void) {
	const char *state = stack_state();
	if (!strcmp(state, "CLOSED") || !strcmp(state, "LISTEN")) return -1;
	return now < busy ? now + fast : (now / slow + 1) * slow;
}
