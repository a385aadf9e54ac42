package main

import (
	"fmt"

	"github.com/argoproj/gitops-engine/pkg/diff"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	// As which Argo CD applies on the server.
	manager            = "argocd-controller"
	trackingAnnotation = "argocd.argoproj.io/tracking-id"
)

type judgement struct {
	// ID is "group/Kind namespace/name", with nothing before the slash where there is no group or namespace.
	ID          string       `json:"id"`
	Mode        string       `json:"mode"`
	Differences []difference `json:"differences"`
	Error       string       `json:"error,omitempty"`
}

type mode struct {
	name    string
	options func(*cluster) []diff.Option
}

var modes = []mode{
	{"three-way", func(*cluster) []diff.Option { return nil }},
	{"structured-merge", func(*cluster) []diff.Option {
		return []diff.Option{diff.WithStructuredMergeDiff(true)}
	}},
	{"server-side", func(c *cluster) []diff.Option {
		return []diff.Option{diff.WithServerSideDiff(true), diff.WithServerSideDryRunner(c.dryRun)}
	}},
}

func (c *cluster) application(asked question) ([]judgement, error) {
	targets, err := kube.SplitYAML([]byte(*asked.Build))
	if err != nil {
		return nil, fmt.Errorf("read the build: %w", err)
	}
	judgements := []judgement{}
	for _, target := range targets {
		live, err := c.live(target, asked.Namespace)
		for _, each := range modes {
			judged := judgement{ID: idOf(target), Mode: each.name, Differences: []difference{}}
			if err != nil {
				judged.Error = fmt.Sprintf("read the live object: %v", err)
			} else if found, err := c.compare(track(target, asked.Application, asked.Namespace), live, each); err != nil {
				judged.Error = err.Error()
			} else {
				judged.Differences = found
			}
			judgements = append(judgements, judged)
		}
	}
	return judgements, nil
}

// track puts on what Argo CD puts on every target before it compares; without it each synced object would
// seem to lose the annotation.
func track(target *unstructured.Unstructured, application, namespace string) *unstructured.Unstructured {
	tracked := target.DeepCopy()
	// A cluster-scoped object is tracked with the destination's namespace, if there is one.
	in := tracked.GetNamespace()
	if in == "" {
		in = namespace
	}
	kind := tracked.GroupVersionKind()
	id := fmt.Sprintf("%s:%s/%s:%s/%s", application, kind.Group, kind.Kind, in, tracked.GetName())
	annotations := tracked.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[trackingAnnotation] = id
	tracked.SetAnnotations(annotations)
	return tracked
}

func (c *cluster) compare(target, live *unstructured.Unstructured, in mode) (found []difference, err error) {
	// The engine panics on what it cannot marshal: that is no comparison, and not the end of the run.
	defer func() {
		if trouble := recover(); trouble != nil {
			err = fmt.Errorf("the engine panicked: %v", trouble)
		}
	}()
	options := append(in.options(c),
		diff.WithGVKParser(c.types),
		diff.WithManager(manager),
		diff.WithIgnoreMutationWebhook(true),
		diff.WithNormalizer(withoutStatus{}),
		diff.WithLogr(logr.Discard()),
	)
	result, err := diff.Diff(target.DeepCopy(), live.DeepCopy(), options...)
	if err != nil {
		return nil, err
	}
	if !result.Modified {
		return []difference{}, nil
	}
	return differences(result.NormalizedLive, result.PredictedLive, isSecret(target))
}

// withoutStatus is what Argo CD's own defaults ignore: /status of everything. Its other normaliser, of known
// types, touches nothing but Rollouts until somebody configures one.
type withoutStatus struct{}

func (withoutStatus) Normalize(object *unstructured.Unstructured) error {
	unstructured.RemoveNestedField(object.Object, "status")
	return nil
}

func idOf(object *unstructured.Unstructured) string {
	kind := object.GroupVersionKind()
	return fmt.Sprintf("%s/%s %s/%s", kind.Group, kind.Kind, object.GetNamespace(), object.GetName())
}

func isSecret(object *unstructured.Unstructured) bool {
	kind := object.GroupVersionKind()
	return kind.Group == "" && kind.Kind == "Secret"
}
