// Command argo-oracle says what Argo CD would show as different between a cluster and the output of
// `kustomize build`, in each of the three ways in which it compares: by the diff package of the engine
// inside Argo CD, with the settings that Argo CD gives it when nobody configured anything.
//
//	argo-oracle -kubeconfig FILE
//
// It reads one Application a line from stdin:
//
//	{"application": "shop-prod", "namespace": "shop", "build": "<yaml documents>"}
//
// puts Argo CD's tracking annotation on each object, reads the live ones, and writes one answer a line
// to stdout, in the same order:
//
//	{"objects": [{"id": "apps/Deployment shop/web", "mode": "three-way", "differences":
//	  [{"path": "/spec/replicas", "live": "3", "wanted": "1"}]}]}
//
// An object that could not be compared has an "error" instead; Argo CD would then show a comparison
// error for the whole Application. A line that is no Application is answered with an "error" of its own.
// Values of Secrets are never written. It runs until stdin ends, and knows the types that the cluster served
// when it began.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
)

type question struct {
	Application string `json:"application"`
	// Namespace is the destination's: it counts for objects that name none.
	Namespace string  `json:"namespace"`
	Build     *string `json:"build"`
}

type answer struct {
	Objects []judgement `json:"objects"`
	Error   string      `json:"error,omitempty"`
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "of the cluster to compare with")
	flag.Parse()
	if err := run(*kubeconfig, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "argo-oracle: %v\n", err)
		os.Exit(1)
	}
}

func run(kubeconfig string, input io.Reader, output io.Writer) error {
	cluster, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	defer cluster.close()
	reader := bufio.NewReaderSize(input, 1<<20)
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := reader.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := encoder.Encode(answerTo(cluster, line)); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		if readErr == io.EOF {
			return nil
		}
		if readErr != nil {
			return fmt.Errorf("read question: %w", readErr)
		}
	}
}

func answerTo(cluster *cluster, line []byte) answer {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return refused(fmt.Errorf("the line is not a question: %w", err))
	}
	if asked.Build == nil || asked.Application == "" {
		return refused(fmt.Errorf(`the question lacks "application" or "build"`))
	}
	objects, err := cluster.application(asked)
	if err != nil {
		return refused(err)
	}
	return answer{Objects: objects}
}

func refused(why error) answer {
	return answer{Objects: []judgement{}, Error: why.Error()}
}
