// Package deploy has no code: its test reads the files as those who use them do.
package deploy

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"os"
)

// TestConfiguration has the server read its configuration.
func TestConfiguration(t *testing.T) {
	for name, value := range map[string]string{"NAME": "one", "STORE": t.TempDir(), "PASSWORD": "p1", "ROUTE_PASSWORD": "p2",
		"ROUTE_ONE": "nats://route:p2@one:6222", "ROUTE_TWO": "nats://route:p2@two:6222", "ROUTE_THREE": "nats://route:p2@three:6222"} {
		t.Setenv(name, value)
	}
	o, err := server.ProcessConfigFile("nats.conf")
	require.NoError(t, err)
	assert.Equal(t, "one", o.ServerName)
	assert.True(t, o.JetStream)
	assert.Equal(t, "tcpclose", o.Username)
	assert.Equal(t, "p1", o.Password)
	require.Len(t, o.Routes, 3)
	assert.Equal(t, "nats://route:p2@two:6222", o.Routes[1].String())
	assert.Equal(t, "p2", o.Cluster.Password)
	assert.Positive(t, o.SyncInterval)
}

// TestCompose has each service of the compose file, with a server for each URL.
func TestCompose(t *testing.T) {
	text, err := os.ReadFile("compose.yaml")
	require.NoError(t, err)
	var file struct {
		Services map[string]struct {
			Image       string
			Environment map[string]string
			Command     []string
			Entrypoint  []string
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	for _, name := range []string{"one", "two", "three"} {
		s := file.Services[name]
		assert.Equal(t, name, s.Environment["NAME"])
		assert.Contains(t, s.Environment["ROUTE_TWO"], "@two:6222")
		assert.Contains(t, file.Services["worker"].Command[2], name+":4222")
		assert.Contains(t, file.Services["driver"].Entrypoint[3], name+":4222")
	}
}
