package remarks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/capture"
	"tcpclose/internal/tier"
	"tcpclose/stacks/wire"
	"tcpclose/trace"
)

// filters has the display filters by which Wireshark shows its remarks.
var filters = map[string]string{
	"Dup ACK": "tcp.analysis.duplicate_ack", "Retransmission": "tcp.analysis.retransmission",
	"Spurious Retransmission": "tcp.analysis.spurious_retransmission", "Out-Of-Order": "tcp.analysis.out_of_order",
	"Previous segment not captured": "tcp.analysis.lost_segment", "Keep-Alive": "tcp.analysis.keep_alive",
	"Keep-Alive ACK": "tcp.analysis.keep_alive_ack", "ZeroWindow": "tcp.analysis.zero_window",
	"ZeroWindowProbe": "tcp.analysis.zero_window_probe", "ZeroWindowProbeAck": "tcp.analysis.zero_window_probe_ack",
	"Window Full": "tcp.analysis.window_full", "Window Update": "tcp.analysis.window_update",
	"Port numbers reused": "tcp.analysis.reused_ports", "FIN Retransmission": "tcp.analysis.retransmission && tcp.flags.fin == 1", // its own field needs text that is reassembled
	"Active close": "tcp.connection.fin_active", "Passive close": "tcp.connection.fin_passive", "Connection reset": "tcp.connection.rst",
}

// captured returns what is captured of a run.
func captured(t *testing.T, r *Remark, run *trace.Trace) []byte {
	s, err := trace.NewStory(run, trace.About{})
	require.NoError(t, err, r.Name)
	var file bytes.Buffer
	require.NoError(t, s.Capture(&file, r.At))
	return file.Bytes()
}

// Every remark is caused by a run, or it is said why not. Of Wireshark's, Wireshark
// makes each of what is captured of the run.
func TestCauses(t *testing.T) {
	tshark, missing := exec.LookPath("tshark")
	for i := range All {
		r := &All[i]
		if i%tier.Choose(4, 1) != 0 {
			continue
		}
		t.Run(r.Tool.String()+" "+r.Name, func(t *testing.T) {
			require.NotEmpty(t, r.Says.EN)
			require.NotEmpty(t, r.Says.ZH)
			if r.Where == "" {
				require.NotEmpty(t, r.Why.EN, "neither a condition nor a reason")
				return
			}
			c, err := r.Cause(t.Context())
			require.NoError(t, err)
			if c.Trace == nil {
				require.True(t, c.Complete, "not everything was explored")
				require.NotEmpty(t, r.Why.EN, "no run, and no reason")
				return
			}
			file := captured(t, r, c.Trace)
			if r.Tool == Zeek && len(r.Name) <= 6 && r.Name == strings.ToUpper(r.Name) {
				assert.Equal(t, r.Name, connState(t, file))
			}
			if r.Tool != Wireshark {
				return
			}
			require.NotEmpty(t, filters[r.Name])
			if missing != nil {
				t.Skip("skipped: no tshark")
			}
			path := filepath.Join(t.TempDir(), "run.pcap")
			require.NoError(t, os.WriteFile(path, file, 0o666))
			out, err := exec.Command(tshark, "-2", "-r", path, "-Y", filters[r.Name], "-T", "fields", "-e", "frame.number").Output()
			require.NoError(t, err)
			assert.NotEmpty(t, strings.TrimSpace(string(out)), "Wireshark does not say so of\n%s", c.Trace)
		})
	}
}

// connState returns what zeek calls a connection, by the rules of its script
// base/protocols/conn, from the frames.
func connState(t *testing.T, file []byte) string {
	const (
		inactive = iota
		synSent
		synAckSent
		established
		closed
		reset
	)
	var state [2]int
	r, err := capture.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	var d capture.Decoder
	for {
		f, err := r.Next()
		if err != nil {
			break
		}
		s, ok := d.Segment(f)
		require.True(t, ok)
		from := 0
		if s.From.Port() == 80 {
			from = 1
		}
		switch is := &state[from]; {
		case s.Ctl.Has(wire.RST):
			*is = reset
		case s.Ctl.Has(wire.FIN):
			*is = closed
		case s.Ctl.Has(wire.SYN | wire.ACK):
			*is = synAckSent
		case s.Ctl.Has(wire.SYN):
			*is = synSent
		case *is == synSent && state[1-from] == synAckSent:
			*is, state[1-from] = established, established
		}
	}
	orig, resp := state[0], state[1]
	switch {
	case resp == reset && (orig == synSent || orig == synAckSent):
		return "REJ"
	case resp == reset && orig == inactive:
		return "RSTRH"
	case resp == reset:
		return "RSTR"
	case orig == reset && resp == inactive:
		return "RSTOS0"
	case orig == reset:
		return "RSTO"
	case orig == closed && resp == closed:
		return "SF"
	case orig == closed && resp == inactive:
		return "SH"
	case orig == closed:
		return "S2"
	case resp == closed && orig == inactive:
		return "SHR"
	case resp == closed:
		return "S3"
	case orig == synSent && resp == inactive:
		return "S0"
	case orig == established && resp == established:
		return "S1"
	}
	return "OTH"
}

// Names are found however they are spelt, and each stands for one remark.
func TestFind(t *testing.T) {
	for word, want := range map[string]string{
		"Dup ACK": "Dup ACK", "dup ack": "Dup ACK", "TCP Dup ACK 42#1": "Dup ACK", "[TCP Dup ACK 42#1]": "Dup ACK",
		"tcp.analysis.duplicate_ack": "Dup ACK", "TCP Previous segment not captured": "Previous segment not captured",
		"tcp.analysis.lost_segment": "Previous segment not captured", "[TCP Out-Of-Order]": "Out-Of-Order",
		"[TCP ZeroWindow]": "ZeroWindow", "RSTO": "RSTO", "stream-event:fin1_ack_wrong_seq": "fin1_ack_wrong_seq",
		"history:^": "history:^", "rst_with_data": "RST_with_data",
	} {
		if r := Find(word); assert.NotNil(t, r, word) {
			assert.Equal(t, want, r.Name, word)
		}
	}
	for _, word := range []string{"", "tcp", "nonsense", "[]", "42"} {
		assert.Nil(t, Find(word), word)
	}
	for i := range All {
		assert.Same(t, &All[i], Find(All[i].Name), All[i].Name)
		for _, other := range All[i].Other {
			assert.Same(t, &All[i], Find(other), other)
		}
	}
}

// Every remark of the reference has a page.
func TestComplete(t *testing.T) {
	names := strings.Fields(`retransmission fast_retransmission spurious_retransmission out_of_order reused_ports lost_segment ack_lost_segment
		window_update window_full keep_alive keep_alive_ack zero_window zero_window_probe zero_window_probe_ack duplicate_ack tfo_syn tfo_ack tfo_ignored
		tcp.connection.fin_active tcp.connection.fin_passive tcp.connection.rst tcp.fin_retransmission tcp.ack.nonzero
		S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH
		inappropriate_FIN spontaneous_FIN spontaneous_RST FIN_advanced_last_seq FIN_storm RST_storm FIN_after_reset SYN_after_reset data_after_reset
		SYN_after_close SYN_inside_connection active_connection_reuse premature_connection_reuse pending_data_when_closed possible_split_routing
		TCP_ack_underflow_or_misorder TCP_seq_underflow_or_misorder window_recision RST_with_data
		fin_but_no_session rst_but_no_session fin_invalid_ack fin_out_of_window fin_syn fin1_fin_wrong_seq fin1_ack_wrong_seq fin1_invalid_ack fin2_fin_wrong_seq
		fin2_ack_wrong_seq fin2_invalid_ack closing_ack_wrong_seq closing_invalid_ack closewait_fin_out_of_window closewait_ack_out_of_window closewait_invalid_ack
		closewait_pkt_before_last_ack lastack_ack_wrong_seq lastack_invalid_ack timewait_ack_wrong_seq timewait_invalid_ack shutdown_syn_resend rst_invalid_ack
		rst_with_data suspected_rst_inject pkt_broken_ack pkt_spurious_retransmission est_invalid_ack pkt_invalid_ack pkt_invalid_timestamp pkt_bad_window_update`)
	for _, letter := range "shadfrgctwiq^x" {
		names = append(names, fmt.Sprintf("history:%c", letter))
	}
	for _, name := range names {
		assert.NotNil(t, Find(name), name)
	}
}
