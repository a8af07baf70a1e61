package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cluster/wire"
	"tcpclose/explore/partition"
)

var job = &wire.Job{ID: "a1", Partitions: 2, Bytes: 100, Streams: 1}

func TestTask(t *testing.T) {
	good := wire.Task{Job: "a1", Task: 3, Merge: &partition.Merge{Level: 1, Partition: 1, Pieces: []int{1, 2}, From: []partition.Source{{Task: 1, Partition: 1, Blocks: 2}}}}
	data, err := json.Marshal(good)
	require.NoError(t, err)
	got, err := wire.ReadTask(data, job)
	require.NoError(t, err)
	assert.Equal(t, &good, got)
	for name, bad := range map[string]wire.Task{
		"of another job":       {Job: "b", Expand: &partition.Expand{}},
		"none":                 {Job: "a1"},
		"two":                  {Job: "a1", Expand: &partition.Expand{}, Merge: &partition.Merge{Pieces: []int{0}}},
		"no such partition":    {Job: "a1", Expand: &partition.Expand{Partition: 2}},
		"below 0":              {Job: "a1", Expand: &partition.Expand{Level: -1}},
		"pieces of few levels": {Job: "a1", Merge: &partition.Merge{Level: 1, Pieces: []int{1}}},
		"key with a dot":       {Job: "a1", Mark: &wire.Mark{Key: "a.b"}},
	} {
		data, err := json.Marshal(bad)
		require.NoError(t, err)
		_, err = wire.ReadTask(data, job)
		require.ErrorIs(t, err, wire.ErrMalformed, name)
	}
	_, err = wire.ReadTask(append(data, '1'), job)
	assert.ErrorIs(t, err, wire.ErrMalformed)
}

func TestDone(t *testing.T) {
	good := wire.Done{Worker: "w", Expanded: &partition.Expanded{Blocks: []int{0, 3}, Cut: []string{"capacity"}}}
	data, err := json.Marshal(good)
	require.NoError(t, err)
	got, err := wire.ReadDone(data, job)
	require.NoError(t, err)
	assert.Equal(t, good.Expanded.Blocks, got.Expanded.Blocks)
	for _, bad := range []wire.Done{
		{Expanded: &partition.Expanded{Blocks: []int{1}}},
		{Expanded: &partition.Expanded{Blocks: []int{1, -1}}},
		{Merged: &partition.Merged{States: -1}},
		{Pieces: -1},
	} {
		data, err := json.Marshal(bad)
		require.NoError(t, err)
		_, err = wire.ReadDone(data, job)
		require.ErrorIs(t, err, wire.ErrMalformed)
	}
}

// TestPieces cuts into pieces, and misses each of them.
func TestPieces(t *testing.T) {
	data := make([]byte, 1000)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	pieces := wire.Pieces(data, 50)
	require.Greater(t, len(pieces), 3)
	read := func(pieces [][]byte) ([]byte, error) {
		return wire.ReadPieces(func(i int) ([]byte, error) {
			if i >= len(pieces) {
				return nil, assert.AnError
			}
			return pieces[i], nil
		})
	}
	got, err := read(pieces)
	require.NoError(t, err)
	assert.Equal(t, data, got)
	_, err = read(pieces[:len(pieces)-1])
	require.ErrorIs(t, err, assert.AnError)
	swapped := append([][]byte{}, pieces...)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	_, err = read(swapped)
	require.ErrorIs(t, err, wire.ErrMalformed)
	for i := range pieces[0] {
		damaged := append([][]byte{append([]byte{}, pieces[0]...)}, pieces[1:]...)
		damaged[0][i] ^= 4
		_, err = read(damaged)
		require.ErrorIs(t, err, wire.ErrMalformed, "octet %d", i)
	}
	empty, err := read(wire.Pieces(nil, 50))
	require.NoError(t, err)
	assert.Empty(t, empty)
}

func TestNaming(t *testing.T) {
	n := &partition.Naming{Level: 7, Texts: [2][][]byte{{[]byte("a"), {}}, nil}, Of: [][2][]uint32{{{4, 9}, nil}, {nil, {1}}}}
	got, err := wire.ReadNaming(wire.Naming(n))
	require.NoError(t, err)
	assert.Equal(t, wire.Naming(n), wire.Naming(got))
	assert.Equal(t, n.Of, got.Of)
	assert.Equal(t, n.Level, got.Level)
}

// FuzzMessages reads what nobody has written: it is refused, or what was written again is the
// same.
func FuzzMessages(f *testing.F) {
	n := &partition.Naming{Level: 1, Texts: [2][][]byte{{[]byte("a")}, {[]byte("b"), []byte("c")}}, Of: [][2][]uint32{{{1}, {1, 2}}}}
	f.Add(wire.Naming(n))
	f.Add(wire.AppendTexts(nil, n.Texts))
	f.Add(wire.Rows(partition.Block{1, 1, 1, 1}))
	f.Add(wire.Pieces([]byte("text"), 100)[0])
	f.Add([]byte(`{"Job":"a1","Task":0,"Attempt":0,"Expand":{"Level":0,"Partition":1,"Piece":0,"Watch":[1,0]}}`))
	f.Add([]byte(`{"Worker":"w","Missing":0,"Pieces":0,"Merged":{"States":1,"Pieces":1,"Bytes":3,"Ahead":[0,0]}}`))
	f.Add([]byte(`{"ID":"a1","Plan":{"Config":"","Properties":null,"Nth":0,"Monitors":0,"Of":""},"Partitions":1,"Bytes":1,"Streams":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, err := wire.ReadNaming(data); err == nil {
			again, err := wire.ReadNaming(wire.Naming(n))
			require.NoError(t, err)
			require.Equal(t, n, again)
		}
		if texts, err := wire.ReadTexts(data); err == nil {
			again, err := wire.ReadTexts(wire.AppendTexts(nil, texts))
			require.NoError(t, err)
			require.Equal(t, texts, again)
		}
		if b, err := wire.ReadRows(data); err == nil {
			require.Equal(t, data, wire.Rows(b))
		}
		_, _ = wire.ReadPieces(func(int) ([]byte, error) { return data, nil })
		if task, err := wire.ReadTask(data, job); err == nil {
			require.Equal(t, job.ID, task.Job)
		}
		if done, err := wire.ReadDone(data, job); err == nil && done.Expanded != nil {
			require.Len(t, done.Expanded.Blocks, job.Partitions)
		}
		if h, err := wire.ReadHello(data, job); err == nil {
			require.NotEmpty(t, h.Worker)
		}
		var j wire.Job
		if wire.ReadJSON(data, &j) == nil && j.Validate() == nil {
			require.NotEmpty(t, j.ID)
		}
	})
}
