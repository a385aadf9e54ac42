package main

import (
	"context"
	"fmt"

	"github.com/argoproj/gitops-engine/pkg/diff"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/gitops-engine/pkg/utils/tracing"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"

	"k8s.io/apimachinery/pkg/api/meta"
)

// cluster is what Argo CD knows of the one it deploys to.
type cluster struct {
	dynamic dynamic.Interface
	mapper  meta.RESTMapper
	// types come from the cluster's OpenAPI document, as structured merge needs them.
	types  *managedfields.GvkParser
	dryRun diff.ServerSideDryRunner
	close  func()
}

func connect(kubeconfig string) (*cluster, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("read kubeconfig: %w", err)
	}
	config.QPS, config.Burst = 500, 500
	dynamicClient, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	mapper, err := mapperOf(config)
	if err != nil {
		return nil, err
	}
	kubectl := &kube.KubectlCmd{Log: logr.Discard(), Tracer: tracing.NopTracer{}}
	schema, types, err := kubectl.LoadOpenAPISchema(config)
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	noCount := func(string) (kube.CleanupFunc, error) { return func() {}, nil }
	applier, cleanup, err := kube.ManageServerSideDiffDryRuns(config, schema, tracing.NopTracer{}, logr.Discard(), noCount)
	if err != nil {
		return nil, fmt.Errorf("prepare dry runs: %w", err)
	}
	dryRun := diff.NewK8sServerSideDryRunner(applier)
	return &cluster{dynamic: dynamicClient, mapper: mapper, types: types, dryRun: dryRun, close: cleanup}, nil
}

func mapperOf(config *rest.Config) (meta.RESTMapper, error) {
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	groups, err := restmapper.GetAPIGroupResources(client)
	if err != nil {
		return nil, fmt.Errorf("discover: %w", err)
	}
	return restmapper.NewDiscoveryRESTMapper(groups), nil
}

// live reads what the cluster has of target, which gets the destination's namespace when it needs one.
func (c *cluster) live(target *unstructured.Unstructured, namespace string) (*unstructured.Unstructured, error) {
	kind := target.GroupVersionKind()
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return nil, fmt.Errorf("find the type: %w", err)
	}
	resources := c.dynamic.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return resources.Get(context.Background(), target.GetName(), metav1.GetOptions{})
	}
	if target.GetNamespace() == "" {
		target.SetNamespace(namespace)
	}
	return resources.Namespace(target.GetNamespace()).Get(context.Background(), target.GetName(), metav1.GetOptions{})
}
