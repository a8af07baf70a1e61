/* lwIP, as Debian's liblwip has it, behind the line protocol: the raw API, one
 * interface, and nothing that runs by itself. Build it with shim.c of the template,
 * which uses its stack.h, too. */
#include <string.h>

#include "lwip/init.h"
#include "lwip/ip4.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "../template/c/stack.h"

enum { tick = TCP_TMR_INTERVAL * 1000 }; /* microseconds between two calls of tcp_tmr */

static struct netif device;
static int begun, mute, odd;    /* odd: tcp_tmr has been called an odd number of times */
static int64_t now, timer;      /* microseconds; when tcp_tmr was called last */
static struct tcp_pcb *pcb, *listener;
static int opened, refusing, eof, writing; /* refusing: an RST now answers the SYN */
static const char *ended;       /* what the next call is told, and then closed */
static struct pbuf *unread;
static uint16_t local, remote;

/* The library's own clock is the machine's, and its lock a thread's. */
u32_t sys_now(void) { return now / 1000; }
void sys_check_core_locking(void) {}

static err_t output(struct netif *n, struct pbuf *p, const ip4_addr_t *to) {
	static uint8_t packet[65535];
	(void)n, (void)to;
	if (!mute) shim_output(packet, pbuf_copy_partial(p, packet, sizeof packet, 0));
	return ERR_OK;
}

static err_t up(struct netif *n) {
	n->name[0] = 'b', n->name[1] = 'e', n->mtu = 1500, n->output = output;
	n->flags |= NETIF_FLAG_UP | NETIF_FLAG_LINK_UP;
	return ERR_OK;
}

/* stack_reset begins anew: the library has no call for that, so that what it keeps of
 * connections goes one by one, and nobody hears of it. */
void stack_reset(uint64_t seed, int buffer) {
	ip4_addr_t own, mask;
	(void)seed, (void)buffer;
	mute = 1;
	if (!begun) {
		lwip_init();
		IP4_ADDR(&own, 192, 0, 2, 1), IP4_ADDR(&mask, 255, 255, 255, 0);
		netif_add(&device, &own, &mask, NULL, NULL, up, ip4_input);
		netif_set_default(&device);
		begun = 1;
	}
	for (struct tcp_pcb *p; (p = tcp_active_pcbs);) tcp_err(p, NULL), tcp_abort(p);
	for (struct tcp_pcb *p; (p = tcp_tw_pcbs);) tcp_abort(p);
	for (struct tcp_pcb *p; (p = tcp_bound_pcbs);) tcp_close(p);
	if (listener) tcp_close(listener);
	if (odd) tcp_tmr(), odd = 0;
	tcp_ticks = 0;
	if (unread) pbuf_free(unread);
	pcb = listener = NULL, unread = NULL, ended = NULL;
	now = timer = opened = refusing = eof = writing = mute = 0;
}

static err_t received(void *arg, struct tcp_pcb *p, struct pbuf *text, err_t err) {
	(void)arg, (void)p, (void)err;
	if (!text) eof = 1;
	else if (unread) pbuf_cat(unread, text);
	else unread = text;
	return ERR_OK;
}

/* failed is called where the library forgets the connection by itself. It says
 * ERR_ABRT of a connection that it has given up, and ERR_CLSD where all is done. */
static void failed(void *arg, err_t err) {
	(void)arg;
	pcb = NULL;
	if (err == ERR_RST) ended = refusing ? "refused" : "reset";
	else if (err != ERR_CLSD) ended = "timed-out";
}

static void watch(struct tcp_pcb *p) {
	pcb = p;
	tcp_recv(p, received), tcp_err(p, failed);
}

/* lost drops a connection that the library has freed at the end of TIME-WAIT, of which it
 * tells nobody. */
static void lost(void) {
	struct tcp_pcb *lists[] = {tcp_active_pcbs, tcp_tw_pcbs, tcp_bound_pcbs};
	for (int i = 0; i < 3; i++)
		for (struct tcp_pcb *p = lists[i]; p; p = p->next)
			if (p == pcb) return;
	pcb = NULL;
}

static err_t connected(void *arg, struct tcp_pcb *p, err_t err) {
	(void)arg, (void)p, (void)err;
	refusing = 0;
	return ERR_OK;
}

static err_t accepted(void *arg, struct tcp_pcb *p, err_t err) {
	(void)arg;
	if (err != ERR_OK || pcb) return ERR_VAL;
	watch(p);
	return ERR_OK;
}

static struct answer told(err_t err) {
	return (struct answer){err == ERR_OK ? "done" : err == ERR_MEM ? "waits" : err == ERR_CONN ? "closing" : "other", 0};
}

/* gone answers a call on a connection that is no more. */
static struct answer gone(void) {
	struct answer a = {ended ? ended : "none", 0};
	ended = NULL;
	return a;
}

struct answer stack_open(int active, uint16_t port, uint16_t peer_port) {
	ip_addr_t own = IPADDR4_INIT_BYTES(192, 0, 2, 1), peer = IPADDR4_INIT_BYTES(192, 0, 2, 2);
	struct tcp_pcb *p = tcp_new();
	if (unread) pbuf_free(unread);
	local = port, remote = peer_port, opened = 1, eof = 0, writing = 1, unread = NULL, ended = NULL, pcb = NULL;
	p->so_options |= SOF_REUSEADDR; /* the port may still be in TIME-WAIT */
	err_t err = tcp_bind(p, &own, port);
	if (err != ERR_OK) {
		tcp_close(p);
		return told(err);
	}
	if (!active) {
		listener = tcp_listen(p);
		tcp_accept(listener, accepted);
		return told(ERR_OK);
	}
	watch(p);
	refusing = 1;
	return told(tcp_connect(p, &peer, peer_port, connected));
}

struct answer stack_send(const uint8_t *text, int octets) {
	if (!pcb) return gone();
	if (!writing) return (struct answer){"closing", 0};
	int n = octets < tcp_sndbuf(pcb) ? octets : tcp_sndbuf(pcb);
	if (octets && !n) return told(ERR_MEM);
	err_t err = tcp_write(pcb, text, n, TCP_WRITE_FLAG_COPY);
	if (err != ERR_OK) return told(err);
	if (pcb->state >= ESTABLISHED) tcp_output(pcb);
	return (struct answer){"done", n};
}

struct answer stack_receive(uint8_t *text, int octets) {
	if (unread && octets) {
		int n = pbuf_copy_partial(unread, text, octets, 0);
		unread = pbuf_free_header(unread, n);
		if (pcb) tcp_recved(pcb, n);
		return (struct answer){"done", n};
	}
	if (ended) return gone();
	if (eof) return (struct answer){"eof", 0};
	return pcb || listener ? (struct answer){"waits", 0} : gone();
}

struct answer stack_shutdown(void) {
	if (!pcb) return gone();
	if (!writing) return told(ERR_CONN);
	err_t err = tcp_shutdown(pcb, 0, 1);
	writing = err != ERR_OK;
	return told(err);
}

struct answer stack_close(void) {
	if (listener && !pcb) {
		tcp_close(listener), listener = NULL;
		return told(ERR_OK);
	}
	if (!pcb) return gone();
	struct tcp_pcb *p = pcb;
	pcb = NULL, eof = 0;
	tcp_recv(p, NULL), tcp_err(p, NULL);
	/* Text that nobody has read counts as unread for the library by its window. */
	return told(tcp_close(p));
}

struct answer stack_abort(void) {
	if (listener && !pcb) return stack_close();
	if (!pcb) return gone();
	struct tcp_pcb *p = pcb;
	pcb = NULL;
	tcp_err(p, NULL);
	tcp_abort(p);
	return told(ERR_OK);
}

void stack_input(const uint8_t *packet, int length) {
	struct pbuf *p = pbuf_alloc(PBUF_IP, length, PBUF_RAM);
	pbuf_take(p, packet, length);
	device.input(p, &device);
	lost();
	if (pcb && listener) tcp_close(listener), listener = NULL; /* what comes later finds nobody */
}

void stack_run(int64_t at) {
	now = at;
	while (timer + tick <= now) timer += tick, tcp_tmr(), odd = !odd;
	lost();
}

int64_t stack_deadline(void) { return tcp_active_pcbs || tcp_tw_pcbs ? timer + tick : -1; }

const char *stack_state(void) {
	static const char *names[] = {
		"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
		"CLOSING", "LAST-ACK", "TIME-WAIT",
	};
	struct tcp_pcb *lists[] = {tcp_active_pcbs, tcp_tw_pcbs};
	for (int i = 0; i < 2; i++)
		for (struct tcp_pcb *p = lists[i]; p; p = p->next)
			if (p->local_port == local && p->remote_port == remote) return names[p->state];
	return listener ? "LISTEN" : "CLOSED";
}
