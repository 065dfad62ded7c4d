// Follows an exported log with Go's own sumdb/note and sumdb/tlog: checkpoint signature, every
// entry's inclusion read through tiles, consistency from an older checkpoint.
// follow DIRECTORY VKEY [OLDER-CHECKPOINT]
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Reads tiles from the directory; Go writes tile/8/L/N where C2SP writes tile/L/N.
type directory struct{ root string }

func (d directory) Height() int                                 { return 8 }
func (d directory) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (d directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(d.root, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func openCheckpoint(path string, verifier note.Verifier) tlog.Tree {
	text, err := os.ReadFile(path)
	must(err)
	signed, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		log.Fatalf("%s: not a checkpoint of %s", path, verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

func bundlePath(number int64, width int64) string {
	path := fmt.Sprintf("%03d", number%1000)
	for number /= 1000; number > 0; number /= 1000 {
		path = fmt.Sprintf("x%03d/%s", number%1000, path)
	}
	if width < 256 {
		path += fmt.Sprintf(".p/%d", width)
	}
	return "tile/entries/" + path
}

func main() {
	root := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	tree := openCheckpoint(filepath.Join(root, "checkpoint"), verifier)
	hashes := tlog.TileHashReader(tree, directory{root})
	var entries int64
	for number := int64(0); number*256 < tree.N; number++ {
		width := tree.N - number*256
		if width > 256 {
			width = 256
		}
		bundle, err := os.ReadFile(filepath.Join(root, bundlePath(number, width)))
		must(err)
		for reader := bytes.NewReader(bundle); reader.Len() > 0; entries++ {
			var length uint16
			must(binary.Read(reader, binary.BigEndian, &length))
			entry := make([]byte, length)
			if _, err := reader.Read(entry); err != nil {
				log.Fatal(err)
			}
			proof, err := tlog.ProveRecord(tree.N, entries, hashes)
			must(err)
			must(tlog.CheckRecord(proof, tree.N, tree.Hash, entries, tlog.RecordHash(entry)))
		}
	}
	if entries != tree.N {
		log.Fatalf("%d entries in the bundles, %d in the checkpoint", entries, tree.N)
	}
	fmt.Printf("%d entries included\n", entries)
	if len(os.Args) > 3 {
		older := openCheckpoint(os.Args[3], verifier)
		proof, err := tlog.ProveTree(tree.N, older.N, hashes)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
		fmt.Printf("consistent with the checkpoint of %d entries\n", older.N)
	}
}
