package profile

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

func TestRetryTime(t *testing.T) {
	for n, want := range map[int]time.Duration{
		0: 200 * time.Millisecond, 8: 102200 * time.Millisecond, 9: 204600 * time.Millisecond, 15: 924600 * time.Millisecond,
	} {
		assert.Equal(t, want, retryTime(n), n)
	}
}

// Beyond TIME_WAIT's length FIN_WAIT2 has two timers, which are both what is
// beyond: 61 s make it 2 s.
func TestFinWait2(t *testing.T) {
	for _, c := range []struct{ fin, linger2, rto, whole, mini int }{
		{60, 0, 0, 0, 60}, {61, 0, 0, 1, 1}, {120, 0, 0, 60, 60}, {60, 10, 0, 0, 10}, {1, 0, 2, 0, 7}, {60, 200, 0, 60, 60},
	} {
		l := Defaults()
		l.FinTimeout = time.Duration(c.fin) * time.Second
		whole, mini := l.finWait2(time.Duration(c.linger2)*time.Second, time.Duration(c.rto)*time.Second)
		assert.Equal(t, time.Duration(c.whole)*time.Second, whole, "%+v", c)
		assert.Equal(t, time.Duration(c.mini)*time.Second, mini, "%+v", c)
	}
}

func TestHost(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("tcp_fin_timeout", "30\n")
	l, missing, err := Host(dir)
	require.NoError(t, err)
	assert.Equal(t, 30*time.Second, l.FinTimeout)
	assert.Len(t, missing, len(Sysctls)-1)
	want := Defaults()
	want.FinTimeout = l.FinTimeout
	assert.Equal(t, want, l)
	for text, why := range map[string]string{
		"": `tcp_fin_timeout: "": want a number`, "x\ny": `tcp_fin_timeout: "x\ny": want a number`,
		"-1": "tcp_fin_timeout: -1: want 0 to 32767", "99999": "tcp_fin_timeout: 99999: want 0 to 32767",
	} {
		write("tcp_fin_timeout", text)
		_, _, err := Host(dir)
		assert.EqualError(t, err, why)
	}
	_, _, err = Host(filepath.Join(dir, "none"))
	assert.ErrorContains(t, err, "want a directory such as")
}

// The profile's configuration has what each difference sets in the model, and every
// decision in it belongs to a difference.
func TestDifferences(t *testing.T) {
	c, err := Defaults().Config(Case{Losses: model.Unlimited})
	require.NoError(t, err)
	values := map[string]string{}
	for _, f := range model.Fields {
		values[f.Name] = f.Get(c.Config)
	}
	told := map[string]bool{}
	for _, d := range append([]Difference{Otherwise}, Differences...) {
		assert.NotEmpty(t, len(d.Always)+len(d.Times)+len(d.Sometimes), d.ID)
		for _, word := range d.Always {
			told[word] = true
			for name, value := range values {
				if len(word) > len(name) && word[:len(name)+1] == name+"=" {
					assert.Equal(t, word, name+"="+value, d.ID)
				}
			}
		}
		for _, name := range d.Times {
			assert.Contains(t, values, name, d.ID)
		}
		for _, word := range d.Sometimes {
			m := model.Default()
			assert.NotPanics(t, func() { set(&m, word) }, d.ID)
		}
	}
	for d := range model.NumDecisions {
		word := d.String() + "=" + values[d.String()]
		if c.Config.Ends[model.A].Choices[d] != 0 {
			assert.True(t, told[word], "no difference is %s", word)
		}
	}
}

// What the bench shows to differ in 6.1, differs in its profile, and nothing else.
func TestKernel(t *testing.T) {
	now, old := Defaults(), Defaults()
	old.Kernel = Linux61
	assert.Equal(t, "6.1", old.Kernel.String())
	is, err := now.Config(Case{})
	require.NoError(t, err)
	was, err := old.Config(Case{})
	require.NoError(t, err)
	assert.Equal(t, []string{"zero-window-fin=refused"}, was.Config.Against(is.Config))
}

// Times are exact, or it is said what they were rounded to.
func TestConfig_Exact(t *testing.T) {
	c, err := Defaults().Config(Case{Losses: model.Unlimited})
	require.NoError(t, err)
	assert.Empty(t, c.Rounded)
	assert.Equal(t, 100*time.Millisecond, c.Tick)
	assert.Equal(t, 924600*time.Millisecond, c.Duration(int(c.Config.Ends[model.A].GiveUp)))
	assert.Equal(t, 102200*time.Millisecond, c.Duration(int(c.Config.Ends[model.A].OrphanGiveUp)))
	assert.Equal(t, TimeWaitLen, c.Duration(c.Config.TimeWaitOf(model.A)))
	c, err = Defaults().Config(Case{RTO: 201 * time.Millisecond, Losses: model.Unlimited})
	require.NoError(t, err)
	assert.NotEmpty(t, c.Rounded)
	c, err = Defaults().Config(Case{KeepAlive: true, Losses: model.Unlimited})
	require.NoError(t, err)
	assert.Empty(t, c.Rounded)
	assert.Equal(t, 7200*time.Second, c.Duration(int(c.Config.Ends[model.A].KeepAlive)))
	finer, err := Defaults().Config(Case{Losses: model.Unlimited, Finer: 2})
	require.NoError(t, err)
	assert.Equal(t, 924600*time.Millisecond, finer.Duration(int(finer.Config.Ends[model.A].GiveUp)))
	for _, bad := range []Case{{RTO: time.Millisecond}, {UserTimeout: -1}, {Linger2: time.Millisecond}, {Finer: 99}} {
		_, err := Defaults().Config(bad)
		assert.Error(t, err, "%+v", bad)
	}
}
