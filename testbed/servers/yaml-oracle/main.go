// Command yaml-oracle says whether a YAML text means what a JSON text means, in the eyes of the Go
// parsers that will read our files: sigs.k8s.io/yaml (the API server, kubectl, Argo CD) and yaml.v3
// (kustomize).
//
// It reads one pair a line from stdin:
//
//	{"id": <anything>, "json": "<json text>", "yaml": "<yaml text>"}
//
// and writes one answer a line to stdout, in the same order:
//
//	{"id": <the same>, "differences": [{"parser": "sigs.k8s.io/yaml" | "yaml.v3", "detail": "..."}]}
//
// A line that is not such a pair, or whose "json" is no JSON, is answered with an "error" instead of
// differences. It runs until stdin ends.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	yamlv3 "go.yaml.in/yaml/v3"
	sigsyaml "sigs.k8s.io/yaml"
)

type pair struct {
	ID   json.RawMessage `json:"id"`
	JSON *string         `json:"json"`
	YAML *string         `json:"yaml"`
}

type difference struct {
	Parser string `json:"parser"`
	Detail string `json:"detail"`
}

type answer struct {
	ID          json.RawMessage `json:"id"`
	Differences []difference    `json:"differences"`
	Error       string          `json:"error,omitempty"`
}

type parser struct {
	name  string
	parse func(text []byte) (any, error)
}

var parsers = []parser{
	{"sigs.k8s.io/yaml", parseAsKubernetes},
	{"yaml.v3", parseAsKustomize},
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "yaml-oracle: %v\n", err)
		os.Exit(1)
	}
}

func run(input io.Reader, output io.Writer) error {
	reader := bufio.NewReaderSize(input, 1<<20)
	writer := bufio.NewWriterSize(output, 1<<16)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := reader.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := encoder.Encode(judge(line)); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		// Whoever waits for an answer has sent all it had: nothing more is buffered.
		if reader.Buffered() == 0 || readErr != nil {
			if err := writer.Flush(); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		if readErr == io.EOF {
			return nil
		}
		if readErr != nil {
			return fmt.Errorf("read pair: %w", readErr)
		}
	}
}

func judge(line []byte) answer {
	var asked pair
	if err := json.Unmarshal(line, &asked); err != nil {
		return refused(nil, fmt.Sprintf("the line is not a pair: %v", err))
	}
	if asked.JSON == nil || asked.YAML == nil {
		return refused(asked.ID, `the pair lacks "json" or "yaml"`)
	}
	want, err := decodeJSON([]byte(*asked.JSON))
	if err != nil {
		return refused(asked.ID, fmt.Sprintf(`"json" is not one JSON value: %v`, err))
	}
	differences := []difference{}
	for _, p := range parsers {
		for _, detail := range compareWith(p, want, []byte(*asked.YAML)) {
			differences = append(differences, difference{Parser: p.name, Detail: detail})
		}
	}
	return answer{ID: orNull(asked.ID), Differences: differences}
}

func refused(id json.RawMessage, why string) answer {
	return answer{ID: orNull(id), Differences: []difference{}, Error: why}
}

func orNull(id json.RawMessage) json.RawMessage {
	if id == nil {
		return json.RawMessage("null")
	}
	return id
}

func compareWith(p parser, want any, text []byte) (details []string) {
	// A parser that panics on our text has not read it: that is a difference, not the end of the run.
	defer func() {
		if trouble := recover(); trouble != nil {
			details = []string{fmt.Sprintf("$: the parser panicked: %v", trouble)}
		}
	}()
	got, err := p.parse(text)
	if err != nil {
		return []string{fmt.Sprintf("$: not readable: %v", err)}
	}
	return compare(want, got)
}

// parseAsKubernetes goes the way of kubectl apply: YAML to JSON (duplicate keys refused), then JSON.
func parseAsKubernetes(text []byte) (any, error) {
	converted, err := sigsyaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	return decodeJSON(converted)
}

// parseAsKustomize decodes into the types that yaml.v3 resolves to, so that a timestamp or a key that
// is no string shows up as such.
func parseAsKustomize(text []byte) (any, error) {
	decoder := yamlv3.NewDecoder(bytes.NewReader(text))
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	var more any
	if err := decoder.Decode(&more); err != io.EOF {
		return nil, fmt.Errorf("more than one document (second: %v, %v)", more, err)
	}
	return value, nil
}

func decodeJSON(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the value")
	}
	return value, nil
}
